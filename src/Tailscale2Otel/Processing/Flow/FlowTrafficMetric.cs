using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>Bytes and packets in both directions for each attribute set: what the raw, rollup and exit node families have in common.</summary>
sealed class FlowTrafficMetric
{
    /// <summary>Counters of one attribute set: bytes sent, bytes received, packets sent, packets received.</summary>
    public const int Columns = 4;

    readonly CounterFamily _family;

    public FlowTrafficMetric(TailnetMeter meter, string prefix, string suffix, string[] attributes, int seriesLimit, Redactor? redactor = null)
    {
        _family = new CounterFamily(
            meter, attributes, [new("network.io.direction", "transmit"), new("network.io.direction", "receive")], 2, seriesLimit, redactor);
        _family.Report(0, $"{prefix}.io{suffix}", "By", "Bytes, as the reporting node saw them");
        _family.Report(1, $"{prefix}.packets{suffix}", "{packet}", "Packets, as the reporting node saw them");
    }

    /// <summary>Attribute sets at most.</summary>
    public int Capacity => _family.Capacity;

    public int Count => _family.Count;

    /// <inheritdoc cref="CounterFamily.Row"/>
    public int Row(ReadOnlySpan<byte> key, int spare = 0) => _family.Row(key, spare);

    /// <inheritdoc cref="CounterFamily.Redact"/>
    public ReadOnlySpan<byte> Redact(ReadOnlySpan<byte> key) => _family.Redact(key);

    public void Add(int row, in FlowConnection connection)
    {
        _family.Add(row, 0, connection.TxBytes);
        _family.Add(row, 1, connection.RxBytes);
        _family.Add(row, 2, connection.TxPackets);
        _family.Add(row, 3, connection.RxPackets);
    }

    /// <param name="columns">Four counters in the order of the columns.</param>
    public void Add(int row, ReadOnlySpan<ulong> columns)
    {
        for (var column = 0; column < Columns; column++)
            _family.Add(row, column, columns[column]);
    }

    public void Freeze() => _family.Freeze();
}
