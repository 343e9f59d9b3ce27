using System.Text.Json;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>One audit record: a scenario and who and what it was about. It is recorded when it happens.</summary>
/// <param name="Node">The node that it may be about.</param>
/// <param name="User">The user that it may be by or about.</param>
/// <param name="BotId">The OAuth client that it may be by.</param>
/// <param name="Group">One operation can yield several records of one group.</param>
/// <param name="Number">Grows with every record.</param>
sealed record SimulatedAudit(AuditScenario Scenario, SimulatedNode Node, SimulatedUser User, string BotId, string Group, int Number, long Recorded)
    : SimulatedRecord(LogType.Configuration, Recorded)
{
    /// <summary>One record in so many was held back by a rate limit.</summary>
    const int DeferredShare = 16;

    const long Delay = 5_000_000_000;

    /// <summary>Unix nanoseconds; null when the record was not deferred.</summary>
    public long? DeferredAt => Number % DeferredShare == DeferredShare / 2 ? Recorded + Delay : null;

    protected override void WriteEvent(Utf8JsonWriter json, RecordForm form) => AuditRecordWriter.Write(json, this, form);
}
