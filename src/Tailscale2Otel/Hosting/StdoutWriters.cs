namespace Tailscale2Otel.Hosting;

/// <summary>Where <c>otlp.protocol: stdout</c> writes; each takes one line a call.</summary>
sealed record StdoutWriters(TextWriter Records, TextWriter Metrics);
