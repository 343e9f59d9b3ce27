using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>
/// Asks how delivery of one tailnet's log streams goes, wherever they go, and whether they still go where
/// <see cref="AutoConfigure"/> pointed them.
/// </summary>
sealed class LogStreamPoller(
    TailscaleClient client, TimeSpan interval, LogStreamMetrics metrics, AppointedSinks appointed, Func<LogStreamSeries, LogStreamReport> report, TimeProvider time)
    : IPoller
{
    /// <summary>A tailnet without log streaming, or a credential that may not see it, is asked this seldom.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    readonly Stream[] _streams = [.. new[] { LogType.Network, LogType.Configuration }.Select(type => Watch(metrics.Add(client.Tailnet.Label, type), report))];

    public string Collector => "logstream";

    public string Tailnet => client.Tailnet.Label;

    public TimeSpan Interval => interval;

    /// <summary>
    /// Fails when a destination could not be seen. A status that could not be had is no failure, and neither is a tailnet without log
    /// streaming or a credential that may not see it, which the client tells once.
    /// </summary>
    public async Task<PollResult> PollAsync(CancellationToken cancellation)
    {
        ApiFailure? failure = null;
        foreach (var stream in _streams)
            failure = await PollAsync(stream, cancellation) ?? failure;
        return failure is null ? PollResult.Done : PollResult.Failed(failure);
    }

    static Stream Watch(LogStreamSeries series, Func<LogStreamSeries, LogStreamReport> report)
    {
        var stream = new Stream(series, report(series));
        stream.Report.Watch();
        return stream;
    }

    async Task<ApiFailure?> PollAsync(Stream stream, CancellationToken cancellation)
    {
        if (stream.RestsSince is { } since && time.GetElapsedTime(since) < Rest)
            return null;

        var (series, wanted) = (stream.Series, appointed.Find(client.Tailnet.Name, stream.Series.Type));
        var sink = await client.GetLogStreamAsync(series.Type, cancellation);
        stream.RestsSince = null;
        if (sink.Failure is { IsLasting: true } lasting)
        {
            stream.RestsSince = time.GetTimestamp();
            series.Forget(lasting.Message);
            stream.Report.NoDelivery();
            return null;
        }

        if (!sink.IsSuccess)
            return sink.Failure;

        stream.Report.Destination(wanted, sink.Value);
        series.Drift(wanted is null ? null : sink.Value is null || !AppointedSinks.AreSame(wanted, sink.Value));
        if (sink.Value is { } present)
        {
            series.HasSink(present with { Token = null });
            await AskStatusAsync(stream, cancellation);
        }
        else
        {
            series.NoSink();
            stream.Report.NoDelivery();
        }

        return null;
    }

    async Task AskStatusAsync(Stream stream, CancellationToken cancellation)
    {
        var status = await client.GetLogStreamStatusAsync(stream.Series.Type, cancellation);
        if (status.IsSuccess)
        {
            stream.Series.Observe(status.Value!);
            stream.Report.Status(status.Value!);
            return;
        }

        stream.Series.MissStatus();
        stream.Report.StatusMissed(stream.Series.Missed, status.Failure);
    }

    sealed class Stream(LogStreamSeries series, LogStreamReport report)
    {
        public LogStreamSeries Series => series;

        public LogStreamReport Report => report;

        /// <summary>Since the answer that only an operator can change; null while there is none.</summary>
        public long? RestsSince { get; set; }
    }
}
