using System.Diagnostics.Metrics;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Poll;

/// <summary>What becomes of the flow records of a spool behind the deduplication window.</summary>
static class FlowOutcomes
{
    public static Dictionary<ProcessOutcome, int> Of(ISpool spool)
    {
        using var meter = new Meter("test");
        var dimensions = new FlowDimensions();
        var processor = new FlowProcessor(new FlowOptions(), new DeduplicationWindow(), new FlowMetrics(meter, dimensions, new CardinalityOptions()), new NodeNames(dimensions, new DeviceIndex("", TimeProvider.System)));
        Dictionary<ProcessOutcome, int> outcomes = [];
        var logs = new CollectingLogWriter();
        using var reader = spool.Read(spool.Oldest);
        while (reader.TryRead(out var record))
        {
            if (record.Signal != RecordSignal.Flow)
                continue;
            var outcome = processor.Process(record, logs, RecordPass.Deliver | RecordPass.Count).Outcome;
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        return outcomes;
    }
}
