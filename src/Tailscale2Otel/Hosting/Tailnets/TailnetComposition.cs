using System.Diagnostics.Metrics;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Processing.StreamEvent;
using Tailscale2Otel.Processing.Webhook;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Tailnets;

/// <summary>The table of contents of one tailnet: everything that there is once for each, in the order of the flow.</summary>
/// <param name="services">For what they share: options, clock, logs, the meter.</param>
sealed partial class TailnetComposition(IServiceProvider services, TailnetMemories memories, IReadOnlyList<TailnetSettings> tailnets)
{
    readonly SeriesShares _series = SeriesShares.Of(services.Get<CardinalityOptions>(), tailnets.Count);

    int _strays;

    public TailnetSet All() => new([.. tailnets.Select(Configured)], Stray);

    TailnetParts Configured(TailnetSettings settings)
    {
        var meter = new TailnetMeter(services.Get<Meter>(), settings.Label);
        return Build(settings.Name, settings, meter, memories.Open(settings.Name, meter), _series.Configured);
    }

    /// <summary>For records of a tailnet that is not configured. Does not throw: its records have to go on.</summary>
    TailnetParts Stray(string name)
    {
        var log = services.Log<TailnetComposition>();
        var label = services.Get<Redactor>().IsOff(PiiCategories.TailnetName) ? TailnetSettings.LabelOf(tailnets.Count + _strays++) : name;
        var meter = new TailnetMeter(services.Get<Meter>(), label);
        Log.Unconfigured(log, label.Length == 0 ? "without a name" : label);
        try
        {
            return Build(name, null, meter, memories.Open(name, meter), _series.Stray);
        }
        catch (Exception e) when (e is IOException || DiskFault.IsFromDisk(e))
        {
            Log.NotRemembered(log, label, e.Message);
            return Build(name, null, meter, memories.InMemory(), _series.Stray);
        }
    }

    TailnetParts Build(string name, TailnetSettings? settings, TailnetMeter meter, (DeduplicationWindows Windows, WindowMemory? Memory) remembered, int series)
    {
        var windows = remembered.Windows;
        var dimensions = services.Get<FlowDimensions>();
        var changes = windows.Changes is { } window ? new SharedChanges(window) : null;
        var redactor = services.Get<Redactor>();
        var devices = new DeviceIndex(meter.Label, services.Get<TimeProvider>());
        var names = new NodeNames(dimensions, devices);

        var flowMetrics = new FlowMetrics(meter, dimensions, series, redactor);
        var auditMetrics = new AuditMetrics(meter, services.Log<AuditMetrics>());
        var webhookMetrics = new WebhookEventMetrics(meter);
        var unreadableTimes = new UnreadableTimeMetric(meter);

        var flow = new FlowProcessor(services.Get<FlowOptions>(), windows.Flow, flowMetrics, names);
        var audit = new AuditProcessor(windows.Audit, auditMetrics, unreadableTimes, changes);
        var webhook = new WebhookProcessor(windows.Webhook, remembered.Memory, changes, webhookMetrics, services.Log<WebhookProcessor>());
        var events = new StreamEventProcessor(services.Get<HecOptions>().Unrecognized, unreadableTimes);

        return new TailnetParts
        {
            Name = name,
            Settings = settings,
            Devices = devices,
            Windows = windows,
            Dispatcher = new Dispatcher(
                new Dictionary<RecordSignal, IRecordProcessor>
                {
                    [RecordSignal.Flow] = flow,
                    [RecordSignal.Audit] = audit,
                    [RecordSignal.StreamEvent] = events,
                    [RecordSignal.RawLine] = events,
                    [RecordSignal.Webhook] = webhook,
                },
                new RecordMetrics(meter),
                [flowMetrics, auditMetrics, webhookMetrics, unreadableTimes],
                redactor),
        };
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The spool has records of a tailnet that is not configured ({Tailnet}): they are delivered and counted under the name they came with")]
        public static partial void Unconfigured(ILogger log, string tailnet);

        [LoggerMessage(LogLevel.Error, "What was remembered of the tailnet {Tailnet}, which is not configured, cannot be used, so that its records may be delivered a second time: {Error}")]
        public static partial void NotRemembered(ILogger log, string tailnet, string error);
    }
}
