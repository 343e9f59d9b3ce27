namespace Tailscale2Otel.Benchmarks.Load;

/// <param name="Backlog">Flow records acknowledged and not at the sink.</param>
/// <param name="ProcessorPerMillion">Of this minute.</param>
sealed record SoakMinute(int Minute, long Arrived, long Backlog, double ProcessorPerMillion, double ResidentMebibytes, double AnonymousMebibytes, long Series);
