namespace Tailscale2Otel.Processing.Flow;

/// <summary>Closed vocabularies of the flow metrics (docs/signals.md).</summary>
static class FlowMetricNames
{
    public const string Other = "other";

    /// <summary>The node that stands for all nodes outside the busiest combinations.</summary>
    public static ReadOnlySpan<byte> Folded => "__other__"u8;

    public static readonly string[] Trusts = ["unconfigured", "configured", "tagged", "untrusted"];

    public static readonly string[] Consistencies = ["match", "mismatch", "missing_reference"];

    public static readonly string[] DataQualityReasons =
        ["negative_counters", "inverted_window", "invalid_endpoint", "future_timestamp", "invalid_protocol"];

    public static readonly string[] Scopes = ["poll_boundary", "cross_source"];

    /// <summary>The value itself if it is in the vocabulary, else <c>other</c>.</summary>
    public static string Closed(string[] vocabulary, string value) => Array.IndexOf(vocabulary, value) >= 0 ? value : Other;
}
