using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Polling;

/// <summary>
/// Runs every poller in a loop of its own, once their cursors are found. A stop cancels what is under way: what was appended
/// stays, the cursor is where it was, and the next start asks again.
/// </summary>
sealed partial class PollWorker(
    IReadOnlyList<IPoller> pollers, PollCursors cursors, ScrapeMetrics metrics, Health health, IServiceProvider services, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Announce();
        if (pollers.Count == 0)
            return;

        // The receivers and the pipeline are told to stop at this moment, and a run that begins after it would be in vain.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        try
        {
            await cursors.LoadAsync(stop.Token);
            var loops = pollers.Select(p => new PollLoop(p, metrics, health, services.Get<TimeProvider>(), services.Log<PollLoop>()))
                .Select(l => Task.Run(() => l.RunAsync(stop.Token), CancellationToken.None));
            await Task.WhenAll([.. loops, cursors.FollowAsync(stop.Token)]);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    void Announce()
    {
        var log = services.Log<PollWorker>();
        (string Section, LogPollOptions Options)[] feeds = [(FlowPollOptions.Section, services.Get<FlowPollOptions>()), (AuditPollOptions.Section, services.Get<AuditPollOptions>())];
        foreach (var (section, _) in feeds.Where(f => f.Options is { Enabled: true, Source: LogSource.Objectstore }))
            Log.NotBuilt(log, section);
        if (!services.Get<TailscaleOptions>().Auth.IsSet && feeds.Any(f => f.Options.IsPolled))
            Log.NoCredential(log);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The Tailscale API is not asked for logs, because there is no credential: set tailscale.auth.oauth.client_secret (TS2OTEL_TAILSCALE__AUTH__OAUTH__CLIENT_SECRET), or collectors.flowlogs.source and collectors.auditlogs.source to stream where the log stream is all there is")]
        public static partial void NoCredential(ILogger log);

        [LoggerMessage(LogLevel.Warning, "{Section}.source: objectstore is accepted, not built yet: this log is neither polled nor read from a bucket")]
        public static partial void NotBuilt(ILogger log, string section);
    }
}
