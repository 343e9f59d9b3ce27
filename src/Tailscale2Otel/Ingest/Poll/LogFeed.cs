using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>One of the two logs, as the pollers see it.</summary>
/// <param name="Retention">How long Tailscale keeps it; an earlier beginning is moved there without a word.</param>
sealed record LogFeed(LogType Type, string Collector, RecordSignal Signal, TimeSpan Retention)
{
    public static readonly LogFeed Flow = new(LogType.Network, "flowlogs", RecordSignal.Flow, TimeSpan.FromDays(30));

    public static readonly LogFeed Audit = new(LogType.Configuration, "auditlogs", RecordSignal.Audit, TimeSpan.FromDays(90));
}
