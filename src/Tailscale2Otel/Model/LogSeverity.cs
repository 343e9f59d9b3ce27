namespace Tailscale2Otel.Model;

/// <summary>OpenTelemetry SeverityNumber; only these three are used (opentelemetry-specification, logs/data-model.md, SeverityNumber).</summary>
enum LogSeverity
{
    Info = 9,
    Warn = 13,
    Error = 17,
}
