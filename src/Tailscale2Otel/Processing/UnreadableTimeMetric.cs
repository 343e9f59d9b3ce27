using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Processing;

/// <summary>Records whose transport gave a time that is not one, so that another had to take its place.</summary>
sealed class UnreadableTimeMetric(TailnetMeter meter) : IFrozenMetrics
{
    readonly CounterFamily _family = new(
        meter, "tailscale2otel.ingest.time_unreadable", "{record}", "Records whose envelope's time is not a number or out of range", ["source", "signal"]);

    public void Add(RecordSource source, RecordSignal signal) => _family.Add(1, RecordNames.Of(source), SignalName(signal));

    public void Freeze() => _family.Freeze();

    static ReadOnlySpan<byte> SignalName(RecordSignal signal) => signal switch
    {
        RecordSignal.Flow => "flow"u8,
        RecordSignal.Audit => "audit"u8,
        RecordSignal.StreamEvent => "event"u8,
        RecordSignal.RawLine => "raw"u8,
        _ => "other"u8,
    };
}
