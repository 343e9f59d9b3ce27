using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Processing.StreamEvent;
using Tailscale2Otel.Processing.Webhook;
using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Tests.Processing;

/// <summary>The processors of one tailnet with everything counted and nothing remembered on disk.</summary>
static class EveryProcessor
{
    public static Dispatcher Behind(Redactor? redactor, Meter meter)
    {
        var dimensions = new FlowDimensions { MetricsMode = MetricsMode.Both, IdentityDims = true, CollapseExternal = false };
        var flows = new FlowMetrics(meter, dimensions, new CardinalityOptions(), redactor);
        var stream = new StreamEventProcessor(UnrecognizedEvents.Deliver, new UnreadableTimeMetric(meter));
        return new Dispatcher(
            new Dictionary<RecordSignal, IRecordProcessor>
            {
                [RecordSignal.Flow] = new FlowProcessor(new FlowOptions(), new DeduplicationWindow(), flows, new NodeNames(dimensions, new DeviceIndex("", TimeProvider.System))),
                [RecordSignal.Audit] = new AuditProcessor(new DeduplicationWindow(), new AuditMetrics(meter, NullLogger<AuditMetrics>.Instance), new UnreadableTimeMetric(meter)),
                [RecordSignal.Webhook] = new WebhookProcessor(new DeduplicationWindow(), null, null, new WebhookEventMetrics(meter), NullLogger<WebhookProcessor>.Instance),
                [RecordSignal.StreamEvent] = stream,
                [RecordSignal.RawLine] = stream,
            },
            new RecordMetrics(meter), [flows], redactor);
    }
}
