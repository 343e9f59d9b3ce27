namespace Tailscale2Otel.Ingest.Hec;

/// <summary>What becomes of a well-framed event that is neither a flow nor an audit record.</summary>
enum UnrecognizedEvents
{
    /// <summary>A plain log record.</summary>
    Deliver,

    /// <summary>The dead-letter file.</summary>
    DeadLetter,

    /// <summary>Nothing; it is only counted.</summary>
    Drop,
}
