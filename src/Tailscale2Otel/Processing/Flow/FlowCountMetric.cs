using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Connections by transport and traffic type. There are a handful of both: the rows last used are remembered, so that counting
/// is a comparison of a few bytes.
/// </summary>
sealed class FlowCountMetric(TailnetMeter meter)
{
    const int SlotsPerType = 8;

    readonly CounterFamily _family = new(
        meter, "tailscale.network.flows", "{flow}", "Connections processed", ["network.transport", "tailscale.traffic_type"]);
    readonly Slot[] _slots = new Slot[4 * SlotsPerType];
    readonly byte[] _key = new byte[CounterKey.SizeFor(2)];

    /// <summary><see cref="CounterTable.None"/> without a transport.</summary>
    public int Row(in FlowConnection connection)
    {
        var transport = connection.Transport;
        if (transport.IsEmpty)
            return CounterTable.None;

        ref var slot = ref _slots[(int)connection.Type * SlotsPerType + ((transport[0] ^ transport.Length) & (SlotsPerType - 1))];
        if (slot.Transport is null || !transport.SequenceEqual(slot.Transport))
            slot = new Slot(transport.ToArray(), RowOf(connection));
        return slot.Row;
    }

    public void Add(int row)
    {
        if (row != CounterTable.None)
            _family.Add(row, 0, 1);
    }

    public void Freeze() => _family.Freeze();

    int RowOf(in FlowConnection connection)
    {
        var key = new CounterKey(_key);
        key.Add(connection.Transport);
        key.Add(TrafficTypes.NameOf(connection.Type));
        return _family.Row(key.Bytes);
    }

    readonly record struct Slot(byte[]? Transport, int Row);
}
