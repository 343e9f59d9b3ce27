namespace Tailscale2Otel.Redaction;

/// <summary>What the actor or the target of an audit record is, as far as it decides what its id and name are.</summary>
enum SubjectKind
{
    /// <summary>Not said, or a type whose id and name may be anybody's.</summary>
    Unknown,
    User,
    Node,
    Tailnet,

    /// <summary>Keys, endpoints and the like: their ids name no person and no machine, their names are free text.</summary>
    Thing,
}
