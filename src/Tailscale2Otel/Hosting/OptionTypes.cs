using Tailscale2Otel.Admin;
using Tailscale2Otel.Config;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Resource;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Hosting.Polling;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Ingest.Poll.PerDevice;
using Tailscale2Otel.Ingest.Poll.Releases;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tailscale;

// Every options class, and every validator and rule: a test holds the list against the assembly.
[assembly: OptionTypes(
    typeof(AdminOptions),
    typeof(AdminOptionsValidator),
    typeof(ProcessOptions),
    typeof(EnrichmentOptions),
    typeof(DeliveryOptions),
    typeof(OtlpOptions),
    typeof(OtlpOptionsValidator),
    typeof(ResourceOptions),
    typeof(ResourceOptionsValidator),
    typeof(SelfObservabilityOptions),
    typeof(ShutdownOptions),
    typeof(RecognitionRule),
    typeof(HecOptions),
    typeof(HecOptionsValidator),
    typeof(HecRoutesRule),
    typeof(LogStreamOptions),
    typeof(AuditPollOptions),
    typeof(DevicesOptions),
    typeof(FlowPollOptions),
    typeof(LogPollRule),
    typeof(PerDeviceOptions),
    typeof(PerDeviceOptionsValidator),
    typeof(ReleaseOptions),
    typeof(ReleaseOptionsValidator),
    typeof(VersionCheckOptions),
    typeof(WebhookOptions),
    typeof(WebhookOptionsValidator),
    typeof(WebhookRoutesRule),
    typeof(CardinalityOptions),
    typeof(CardinalityOptionsValidator),
    typeof(DeduplicationOptions),
    typeof(DeviceMetricsOptions),
    typeof(OutdatedOptions),
    typeof(FlowDimensions),
    typeof(FlowOptions),
    typeof(PiiFilterOptions),
    typeof(SpoolOptions),
    typeof(SpoolOptionsValidator),
    typeof(DeadLetterOptions),
    typeof(TailnetsOptions),
    typeof(TailnetsOptionsValidator),
    typeof(TailnetsRule),
    typeof(TailscaleOptions),
    typeof(TailscaleOptionsValidator))]
