namespace Tailscale2Otel.Hosting.Redelivery;

/// <summary>What became of a record that was sent again.</summary>
enum RedeliveryOutcome
{
    /// <summary>The backend accepted every log record of it.</summary>
    Sent,

    /// <summary>The same event was sent earlier in the same run.</summary>
    Duplicate,

    /// <summary>The configuration asks for no log record of it.</summary>
    Unmapped,

    /// <summary>It cannot be decoded or cannot be true.</summary>
    Undecodable,

    /// <summary>The backend refused at least one log record of it.</summary>
    Refused,

    /// <summary>The backend took the request and rejected some of its log records without saying which.</summary>
    Uncertain,
}
