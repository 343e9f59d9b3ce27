namespace Tailscale2Otel.Export.Otlp;

/// <summary>What is to be done after one attempt to send.</summary>
enum OtlpDecision
{
    Accepted,

    /// <summary>It may pass by waiting.</summary>
    Retry,

    /// <summary>Wait and repeat, and tell the operator: credentials, address or configuration are wrong, not the data.</summary>
    RetryLoudly,

    /// <summary>The data is refused, or too much at once: divide it, until a refused record stands alone.</summary>
    Split,

    /// <summary>Nobody can tell whether the data or the backend is broken: ask with an empty request.</summary>
    Ask,
}
