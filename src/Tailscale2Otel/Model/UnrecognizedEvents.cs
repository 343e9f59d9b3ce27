namespace Tailscale2Otel.Model;

/// <summary>What becomes of a well-framed HEC event that is neither a flow nor an audit record.</summary>
enum UnrecognizedEvents
{
    /// <summary>It is delivered as a plain log record.</summary>
    Deliver,

    /// <summary>It goes to the dead-letter file.</summary>
    DeadLetter,

    /// <summary>It is counted and forgotten.</summary>
    Drop,
}
