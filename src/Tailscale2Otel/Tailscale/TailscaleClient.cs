using System.Diagnostics.Metrics;
using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Tailscale;

/// <summary>
/// The API of one tailnet. A call makes as many attempts as it is allowed and ends in an answer or a failure in words; it throws
/// only for cancellation. For concurrent use.
/// </summary>
sealed class TailscaleClient : IDisposable
{
    /// <param name="http">Sends requests, follows no redirects; null is the platform's. Disposed with the client.</param>
    public TailscaleClient(TailnetSettings tailnet, Meter meter, TimeProvider time, ILogger<TailscaleClient> logger, HttpMessageHandler? http = null) =>
        Tailnet = tailnet;

    public TailnetSettings Tailnet { get; }

    /// <summary><c>listTailnetDevices</c>.</summary>
    public Task<ApiResult<IReadOnlyList<Device>>> ListDevicesAsync(CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>
    /// <c>listNetworkFlowLogs</c> and <c>listConfigurationAuditLogs</c>: the records whose <c>logged</c> is in the window, both ends
    /// inclusive. The answer is decoded while it comes; an attempt that broke off is repeated from its beginning, so that records
    /// may be taken several times.
    /// </summary>
    /// <param name="take">
    /// Gets each element of <c>logs</c> as one JSON object, in the order of the answer, good until its task ends. What it throws
    /// ends the call.
    /// </param>
    public Task<ApiResult<LogPage>> ReadLogsAsync(
        LogType type, DateTimeOffset from, DateTimeOffset to, Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellation) =>
        throw new NotImplementedException();

    /// <summary>The destination of a log; a null value when there is none.</summary>
    public Task<ApiResult<LogStreamSink?>> GetLogStreamAsync(LogType type, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Sets the destination of a log in place of what was there.</summary>
    public Task<ApiResult<bool>> PutLogStreamAsync(LogType type, LogStreamSink sink, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary><c>getLogStreamingStatus</c>.</summary>
    public Task<ApiResult<LogStreamStatus>> GetLogStreamStatusAsync(LogType type, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary><c>getTailnetSettings</c>.</summary>
    public Task<ApiResult<TailnetFeatures>> GetSettingsAsync(CancellationToken cancellation) => throw new NotImplementedException();

    public void Dispose()
    {
    }
}
