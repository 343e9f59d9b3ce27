namespace Tailscale2Otel.Ingest.Hec;

/// <param name="Tailnet">Configured name; empty when only one tailnet is served.</param>
/// <param name="ReceivedAt">Unix nanoseconds.</param>
readonly record struct HecOrigin(string Tailnet, long ReceivedAt);
