namespace Tailscale2Otel.Export.Otlp;

enum OtlpSignal
{
    Logs,
    Metrics,
}
