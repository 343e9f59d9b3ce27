namespace Tailscale2Otel.Export.Otlp;

/// <summary>One request and its attempts.</summary>
sealed class OtlpCall(OtlpRequestBody body, bool isAlone, TimeSpan patience, long started)
{
    public OtlpRequestBody Body { get; } = body;

    /// <summary>The request holds one record or metric, so it cannot be divided.</summary>
    public bool IsAlone { get; } = isAlone;

    /// <summary>How long it is repeated; infinite for logs.</summary>
    public TimeSpan Patience { get; } = patience;

    public long Started { get; } = started;

    /// <summary>Times the backend refused this request and took an empty one right after.</summary>
    public int Suspicions { get; set; }
}
