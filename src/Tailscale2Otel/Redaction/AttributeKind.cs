namespace Tailscale2Otel.Redaction;

/// <summary>How it is decided whether a value is personal.</summary>
enum AttributeKind
{
    /// <summary>Never.</summary>
    Safe,

    /// <summary>By its categories, and by range if it is an IP address.</summary>
    Category,

    /// <summary>The same; what stays is searched for values that are removed.</summary>
    Text,

    /// <summary>An IP address: by range. What cannot be read as one goes with any of the ranges.</summary>
    Address,

    /// <summary>An IP address, a word that stands for nodes, or a host name.</summary>
    NodeName,

    /// <summary>A node's name, or its identifier where it has none.</summary>
    NodeNameOrId,

    /// <summary>A login name, or tags.</summary>
    Owner,

    /// <summary>A word in capitals; anything else is free text.</summary>
    Vocabulary,

    /// <summary>A word in letters of either case; anything else is free text.</summary>
    TypeName,

    /// <summary>A hexadecimal number; anything else is free text.</summary>
    HexNumber,

    /// <summary>By the type of the actor.</summary>
    ActorId,
    ActorLogin,
    ActorName,

    /// <summary>By the type of the target.</summary>
    TargetId,
    TargetName,
}
