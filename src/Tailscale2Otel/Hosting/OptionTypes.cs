using Tailscale2Otel.Admin;
using Tailscale2Otel.Config;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Resource;
using Tailscale2Otel.Hosting.Listeners;
using Tailscale2Otel.Hosting.Polling;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Ingest.Poll.PerDevice;
using Tailscale2Otel.Ingest.Poll.Releases;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting;

/// <summary>
/// Every options class with its validator, and every rule between them; a test holds the list against the assembly. It is written
/// down and not searched for, because a search would load every type there is, and a native program has only those that are named.
/// </summary>
static class OptionTypes
{
    public static OptionsSchema Schema { get; } = new(
        [
            OptionsClass.Of<AdminOptions>(new AdminOptionsValidator()),
            OptionsClass.Of<ProcessOptions>(),
            OptionsClass.Of<EnrichmentOptions>(),
            OptionsClass.Of<DeliveryOptions>(),
            OptionsClass.Of<OtlpOptions>(new OtlpOptionsValidator()),
            OptionsClass.Of<ResourceOptions>(new ResourceOptionsValidator()),
            OptionsClass.Of<SelfObservabilityOptions>(),
            OptionsClass.Of<ShutdownOptions>(),
            OptionsClass.Of<HecOptions>(new HecOptionsValidator()),
            OptionsClass.Of<LogStreamOptions>(),
            OptionsClass.Of<AuditPollOptions>(),
            OptionsClass.Of<DevicesOptions>(),
            OptionsClass.Of<FlowPollOptions>(),
            OptionsClass.Of<PerDeviceOptions>(new PerDeviceOptionsValidator()),
            OptionsClass.Of<ReleaseOptions>(new ReleaseOptionsValidator()),
            OptionsClass.Of<VersionCheckOptions>(),
            OptionsClass.Of<WebhookOptions>(new WebhookOptionsValidator()),
            OptionsClass.Of<CardinalityOptions>(new CardinalityOptionsValidator()),
            OptionsClass.Of<DeduplicationOptions>(),
            OptionsClass.Of<DeviceMetricsOptions>(),
            OptionsClass.Of<OutdatedOptions>(),
            OptionsClass.Of<FlowDimensions>(),
            OptionsClass.Of<FlowOptions>(),
            OptionsClass.Of<PiiFilterOptions>(),
            OptionsClass.Of<SpoolOptions>(new SpoolOptionsValidator()),
            OptionsClass.Of<DeadLetterOptions>(),
            OptionsClass.Of<TailnetsOptions>(new TailnetsOptionsValidator()),
            OptionsClass.Of<TailscaleOptions>(new TailscaleOptionsValidator()),
        ],
        [
            new RecognitionRule(),
            new ListenersRule(),
            new HecRoutesRule(),
            new LogPollRule(),
            new WebhookRoutesRule(),
            new TailnetsRule(),
        ]);
}
