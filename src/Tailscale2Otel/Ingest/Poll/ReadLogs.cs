using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary><see cref="TailscaleClient.ReadLogsAsync"/>.</summary>
delegate Task<ApiResult<LogPage>> ReadLogs(
    LogType type, DateTimeOffset from, DateTimeOffset to, Func<LogElement, ValueTask> take, CancellationToken cancellation);
