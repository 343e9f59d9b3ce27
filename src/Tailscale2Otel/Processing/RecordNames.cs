using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing;

/// <summary>How sources and signals are spelled in attributes (docs/signals.md).</summary>
static class RecordNames
{
    public static ReadOnlySpan<byte> Of(RecordSource source) => source switch
    {
        RecordSource.Poll => "poll"u8,
        RecordSource.Stream => "stream"u8,
        RecordSource.Webhook => "webhook"u8,
        RecordSource.ObjectStore => "objectstore"u8,
        RecordSource.Logtail => "logtail"u8,
        RecordSource.Events => "events"u8,
        _ => "other"u8,
    };

    public static string TextOf(RecordSource source) => source switch
    {
        RecordSource.Poll => "poll",
        RecordSource.Stream => "stream",
        RecordSource.Webhook => "webhook",
        RecordSource.ObjectStore => "objectstore",
        RecordSource.Logtail => "logtail",
        RecordSource.Events => "events",
        _ => "other",
    };

    public static string TextOf(RecordSignal signal) => signal switch
    {
        RecordSignal.Flow => "flow",
        RecordSignal.Audit => "audit",
        RecordSignal.StreamEvent => "event",
        RecordSignal.RawLine => "raw",
        RecordSignal.Webhook => "webhook",
        _ => "other",
    };
}
