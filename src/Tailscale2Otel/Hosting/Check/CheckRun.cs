using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>What the questions of one check share.</summary>
/// <param name="Meter">Nobody listens to it.</param>
/// <param name="Calls">Bounds the calls of all tailnets together.</param>
/// <param name="End">Its time limit, or Ctrl-C.</param>
sealed record CheckRun(TimeSpan Timeout, Meter Meter, TimeProvider Time, SemaphoreSlim Calls, CancellationToken End)
{
    public const int CallsAtOnce = 32;
}
