namespace Tailscale2Otel.Benchmarks.Load;

/// <param name="Processor">Share of one core.</param>
sealed record IdleResult(double ResidentMebibytes, double AnonymousMebibytes, double Processor);
