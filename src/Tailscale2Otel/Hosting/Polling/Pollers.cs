using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Hosting.Tailnets;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Ingest.Poll.Releases;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Polling;

/// <summary>Everything that is asked for at an interval, by the configuration.</summary>
static class Pollers
{
    public static IReadOnlyList<IPoller> Of(IServiceProvider services) =>
    [
        .. services.Get<ApiClients>().WithCredential.SelectMany(c => LogPollers(services, c).Concat(DevicesPollers(services, c)).Concat(LogStreamPollers(services, c))),
        .. ReleasePollers(services),
    ];

    static IEnumerable<IPoller> LogPollers(IServiceProvider services, TailscaleClient client)
    {
        (LogFeed Feed, LogPollOptions Options)[] feeds = [(LogFeed.Flow, services.Get<FlowPollOptions>()), (LogFeed.Audit, services.Get<AuditPollOptions>())];
        foreach (var (feed, options) in feeds.Where(f => f.Options.IsPolled))
        {
            var settings = LogPollSettings.Of(feed, options, client.Tailnet, services.Get<DeduplicationOptions>().Window, services.Get<SpoolOptions>());
            yield return new LogPoller(
                settings, client.ReadLogsAsync, services.Get<Intake>(), services.Get<PollCursors>(), services.Get<PollInstruments>(), services.Log<LogPoller>());
        }
    }

    static IEnumerable<IPoller> DevicesPollers(IServiceProvider services, TailscaleClient client)
    {
        var options = services.Get<DevicesOptions>();
        if (!options.Enabled)
            yield break;

        var tailnet = client.Tailnet;
        var index = services.Get<TailnetSet>().Configured.Single(t => t.Name == tailnet.Name).Devices;
        services.Get<EnrichmentMetrics>().Watch(index);
        var feed = new DeviceFeed(tailnet.Name, tailnet.Label, index, services.Get<DeviceMetrics>(), services.Get<FirstDevices>());
        yield return new DevicesPoller(tailnet, options.Interval, client.ListDevicesAsync, feed.Take, feed.Failed, services.Get<TimeProvider>());
        foreach (var poller in PerDevicePollers.Of(services, client, feed))
            yield return poller;
    }

    /// <summary>One for all tailnets: what is latest does not depend on them.</summary>
    static IEnumerable<IPoller> ReleasePollers(IServiceProvider services)
    {
        if (!services.Get<ReleaseOptions>().Enabled || !services.Get<DevicesOptions>().Enabled || !services.Get<ApiClients>().WithCredential.Any())
            yield break;

        yield return new ReleasePoller(services.Get<VersionCheckOptions>().CacheTtl, services.Get<ReleaseClient>().AskAsync, services.Get<DeviceMetrics>().TryTakeLatest);
    }

    static IEnumerable<IPoller> LogStreamPollers(IServiceProvider services, TailscaleClient client)
    {
        var options = services.Get<LogStreamOptions>();
        if (!options.Enabled)
            yield break;

        var hec = services.Get<HecOptions>();
        Secret[] tokens = [.. hec.Token, .. hec.Routes.SelectMany(r => r.Token)];
        yield return new LogStreamPoller(
            client,
            options.Interval,
            services.Get<LogStreamMetrics>(),
            services.Get<AppointedSinks>(),
            series => new LogStreamReport(series, tokens, services.Get<Health>(), services.Log<LogStreamReport>()),
            services.Get<TimeProvider>());
    }
}
