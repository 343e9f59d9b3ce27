using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Polling;

/// <summary>Everything that is asked for at an interval, by the configuration.</summary>
static class Pollers
{
    public static IReadOnlyList<IPoller> Of(IServiceProvider services) =>
        services.Get<TailscaleOptions>().Auth.IsSet ? [.. LogPollers(services, services.Get<TailscaleClient>())] : [];

    static IEnumerable<IPoller> LogPollers(IServiceProvider services, TailscaleClient client)
    {
        (LogFeed Feed, LogPollOptions Options)[] feeds = [(LogFeed.Flow, services.Get<FlowPollOptions>()), (LogFeed.Audit, services.Get<AuditPollOptions>())];
        foreach (var (feed, options) in feeds.Where(f => f.Options.IsPolled))
        {
            var settings = LogPollSettings.Of(feed, options, client.Tailnet, services.Get<DeduplicationOptions>().Window);
            yield return new LogPoller(
                settings, client.ReadLogsAsync, services.Get<Intake>(), services.Get<PollCursors>(), services.Get<PollInstruments>(), services.Log<LogPoller>());
        }
    }
}
