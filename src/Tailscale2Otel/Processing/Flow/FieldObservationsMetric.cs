using System.Text;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Which fields connections have and lack: five observations for each connection, which are told apart only when they are
/// reported. Until then each combination of them has one counter.
/// </summary>
sealed class FieldObservationsMetric
{
    static readonly string[] Fields = ["source", "destination", "protocol", "source_port", "destination_port"];

    readonly CounterFamily _family;
    readonly int[] _rows;
    readonly ulong[] _combinations;

    public FieldObservationsMetric(TailnetMeter meter)
    {
        _family = new CounterFamily(
            meter, "tailscale.network.field.observations", "{observation}", "Presence and absence of connection fields",
            ["tailscale.traffic_type", "field_class", "state"]);

        _combinations = new ulong[Enum.GetValues<TrafficType>().Length << Fields.Length];
        _rows = new int[Enum.GetValues<TrafficType>().Length * Fields.Length * 2];
        foreach (var type in Enum.GetValues<TrafficType>())
        {
            for (var field = 0; field < Fields.Length; field++)
            {
                _rows[Index(type, field, false)] = RowOf(type, field, "missing"u8);
                _rows[Index(type, field, true)] = RowOf(type, field, "present"u8);
            }
        }
    }

    public void Add(in FlowConnection connection)
    {
        var present = Bit(0, !connection.SourceAddress.IsEmpty) | Bit(1, !connection.DestinationAddress.IsEmpty) | Bit(2, connection.HasProtocol)
            | Bit(3, connection.SourcePort > 0) | Bit(4, connection.DestinationPort > 0);
        _combinations[((int)connection.Type << Fields.Length) | present]++;
    }

    public void Freeze()
    {
        for (var i = 0; i < _combinations.Length; i++)
        {
            for (var field = 0; field < Fields.Length && _combinations[i] > 0; field++)
                _family.Add(_rows[Index((TrafficType)(i >> Fields.Length), field, ((i >> field) & 1) != 0)], 0, _combinations[i]);
            _combinations[i] = 0;
        }

        _family.Freeze();
    }

    static int Bit(int field, bool isPresent) => isPresent ? 1 << field : 0;

    static int Index(TrafficType type, int field, bool isPresent) => ((int)type * Fields.Length + field) * 2 + (isPresent ? 1 : 0);

    int RowOf(TrafficType type, int field, ReadOnlySpan<byte> state)
    {
        var key = new CounterKey(new byte[CounterKey.SizeFor(3)]);
        key.Add(TrafficTypes.NameOf(type));
        key.Add(Encoding.UTF8.GetBytes(Fields[field]));
        key.Add(state);
        return _family.Row(key.Bytes);
    }
}
