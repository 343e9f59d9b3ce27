using System.Runtime.CompilerServices;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Writes the log event <c>tailscale.network.flow</c> (docs/signals.md) of a whole record, and what those of its connections
/// (<see cref="ConnectionLogs"/>) have in common with it. OTLP integers are signed: a counter above
/// <see cref="long.MaxValue"/> is written as that, while the body has it in full.
/// </summary>
static class FlowLogs
{
    const int BodyLength = 512;

    /// <summary>One log record for all rows, with their sums.</summary>
    [SkipLocalsInit]
    public static void WriteRecord(LogWriter logs, in RawRecord record, in FlowFacts facts, ReadOnlySpan<FlowRow> rows, ReadOnlySpan<byte> uid)
    {
        ulong txBytes = 0, rxBytes = 0, txPackets = 0, rxPackets = 0;
        foreach (ref readonly var row in rows)
        {
            txBytes = AddSaturating(txBytes, row.TxBytes);
            rxBytes = AddSaturating(rxBytes, row.RxBytes);
            txPackets = AddSaturating(txPackets, row.TxPackets);
            rxPackets = AddSaturating(rxPackets, row.RxPackets);
        }

        LogRecordOpening.Begin(logs, record, facts.Header, uid);

        var body = new TextBuilder(stackalloc byte[BodyLength]);
        body.Add("node "u8);
        body.Add(facts.NodeId);
        body.Add(": "u8);
        body.Add((ulong)rows.Length);
        body.Add(" connections"u8);
        AddTotals(ref body, txBytes, rxBytes);
        logs.Body(body.Text);

        AddFacts(logs, facts);
        AddCounters(logs, txBytes, rxBytes, txPackets, rxPackets);
        logs.Add(LogAttributes.Connections, rows.Length);
        logs.End();
    }

    public static void AddTotals(ref TextBuilder body, ulong txBytes, ulong rxBytes)
    {
        body.Add(" tx="u8);
        body.Add(txBytes);
        body.Add("B rx="u8);
        body.Add(rxBytes);
        body.Add("B"u8);
    }

    public static void AddFacts(LogWriter logs, in FlowFacts facts)
    {
        logs.Add(LogAttributes.NodeId, facts.NodeId);
        logs.Add(LogAttributes.NodeHostname, facts.NodeHostname);
        logs.Add(LogAttributes.WindowStart, facts.WindowStart);
        logs.Add(LogAttributes.WindowEnd, facts.WindowEnd);
        logs.Add(LogAttributes.ReporterTrust, facts.Trust.Bytes);
        logs.Add(LogAttributes.ReporterConsistency, facts.Consistency.Bytes);
    }

    public static void AddCounters(LogWriter logs, ulong txBytes, ulong rxBytes, ulong txPackets, ulong rxPackets)
    {
        logs.Add(LogAttributes.TxBytes, Signed(txBytes));
        logs.Add(LogAttributes.RxBytes, Signed(rxBytes));
        logs.Add(LogAttributes.TxPackets, Signed(txPackets));
        logs.Add(LogAttributes.RxPackets, Signed(rxPackets));
    }

    static long Signed(ulong counter) => (long)Math.Min(counter, long.MaxValue);

    static ulong AddSaturating(ulong a, ulong b) => a > ulong.MaxValue - b ? ulong.MaxValue : a + b;
}
