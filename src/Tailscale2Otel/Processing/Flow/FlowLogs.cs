using System.Runtime.CompilerServices;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Writes the log event <c>tailscale.network.flow</c> (docs/signals.md). OTLP integers are signed: a counter above
/// <see cref="long.MaxValue"/> is written as that, while the body has it in full.
/// </summary>
static class FlowLogs
{
    const int BodyLength = 512;

    /// <param name="row">Where the connection came from, for the ends as received.</param>
    [SkipLocalsInit]
    public static void WriteConnection(
        LogWriter logs, in RawRecord record, in FlowFacts facts, in FlowConnection connection, in FlowRow row, FlowText text, ReadOnlySpan<byte> uid)
    {
        LogRecordOpening.Begin(logs, record, facts.Header, uid);

        var body = new TextBuilder(stackalloc byte[BodyLength]);
        body.Add(connection.Transport);
        body.Add(" "u8);
        body.Add(TrafficTypes.NameOf(connection.Type));
        body.Add(" "u8);
        body.Add(row.Source.IsPresent ? text[row.Source.Text] : "?"u8);
        body.Add(" -> "u8);
        body.Add(row.Destination.IsPresent ? text[row.Destination.Text] : "?"u8);
        AddTotals(ref body, row.TxBytes, row.RxBytes);
        logs.Body(body.Text);

        logs.Add(LogAttributes.NetworkTransport, connection.Transport);
        logs.Add(LogAttributes.TrafficType, TrafficTypes.NameOf(connection.Type));
        AddNetworkType(logs, row);
        AddEnds(logs, connection);
        AddIdentities(logs, connection);
        logs.Add(LogAttributes.Path, connection.Path);
        logs.Add(LogAttributes.DerpRegionId, connection.DerpRegion);
        AddFacts(logs, facts);
        AddCounters(logs, row.TxBytes, row.RxBytes, row.TxPackets, row.RxPackets);
        logs.End();
    }

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

    static void AddTotals(ref TextBuilder body, ulong txBytes, ulong rxBytes)
    {
        body.Add(" tx="u8);
        body.Add(txBytes);
        body.Add("B rx="u8);
        body.Add(rxBytes);
        body.Add("B"u8);
    }

    static void AddNetworkType(LogWriter logs, in FlowRow row)
    {
        var family = row.Source.IsPresent ? row.Source.Address.Family : row.Destination.Address.Family;
        if (family != IpFamily.None)
            logs.Add(LogAttributes.NetworkType, family == IpFamily.V4 ? "ipv4"u8 : "ipv6"u8);
    }

    [SkipLocalsInit]
    static void AddEnds(LogWriter logs, in FlowConnection connection)
    {
        var port = new TextBuilder(stackalloc byte[8]);
        logs.Add(LogAttributes.SourceAddress, connection.SourceAddress);
        if (connection.SourcePort != 0)
        {
            port.Add((ulong)connection.SourcePort);
            logs.Add(LogAttributes.SourcePort, port.Text);
        }

        logs.Add(LogAttributes.DestinationAddress, connection.DestinationAddress);
        if (connection.DestinationPort != 0)
        {
            port.Truncate(0);
            port.Add((ulong)connection.DestinationPort);
            logs.Add(LogAttributes.DestinationPort, port.Text);
        }
    }

    static void AddIdentities(LogWriter logs, in FlowConnection connection)
    {
        logs.Add(LogAttributes.SrcNode, connection.SourceNode);
        logs.Add(LogAttributes.DstNode, connection.DestinationNode);
        logs.Add(LogAttributes.DstService, connection.Service);
        logs.Add(LogAttributes.SrcUser, connection.SourceUser);
        logs.Add(LogAttributes.SrcTags, connection.SourceTags);
        logs.Add(LogAttributes.SrcOs, connection.SourceOs);
        logs.Add(LogAttributes.DstUser, connection.DestinationUser);
        logs.Add(LogAttributes.DstTags, connection.DestinationTags);
        logs.Add(LogAttributes.DstOs, connection.DestinationOs);
    }

    static void AddFacts(LogWriter logs, in FlowFacts facts)
    {
        logs.Add(LogAttributes.NodeId, facts.NodeId);
        logs.Add(LogAttributes.NodeHostname, facts.NodeHostname);
        logs.Add(LogAttributes.WindowStart, facts.WindowStart);
        logs.Add(LogAttributes.WindowEnd, facts.WindowEnd);
        logs.Add(LogAttributes.ReporterTrust, facts.Trust.Bytes);
        logs.Add(LogAttributes.ReporterConsistency, facts.Consistency.Bytes);
    }

    static void AddCounters(LogWriter logs, ulong txBytes, ulong rxBytes, ulong txPackets, ulong rxPackets)
    {
        logs.Add(LogAttributes.TxBytes, Signed(txBytes));
        logs.Add(LogAttributes.RxBytes, Signed(rxBytes));
        logs.Add(LogAttributes.TxPackets, Signed(txPackets));
        logs.Add(LogAttributes.RxPackets, Signed(rxPackets));
    }

    static long Signed(ulong counter) => (long)Math.Min(counter, long.MaxValue);

    static ulong AddSaturating(ulong a, ulong b) => a > ulong.MaxValue - b ? ulong.MaxValue : a + b;
}
