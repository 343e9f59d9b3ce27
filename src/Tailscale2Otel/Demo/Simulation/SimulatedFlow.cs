using System.Text.Json;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>One flow record.</summary>
/// <param name="Start">Unix nanoseconds on the node's clock.</param>
/// <param name="End">Unix nanoseconds on the node's clock, inclusive.</param>
sealed record SimulatedFlow(FlowWindow Window, long Start, long End, long Recorded) : SimulatedRecord(LogType.Network, Recorded)
{
    protected override void WriteEvent(Utf8JsonWriter json, RecordForm form) => FlowRecordWriter.Write(json, this, form);
}
