using System.Text;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>Which fields connections have and lack: five observations for each connection, each an addition to a known row.</summary>
sealed class FieldObservationsMetric
{
    static readonly string[] Fields = ["source", "destination", "protocol", "source_port", "destination_port"];

    readonly CounterFamily _family;
    readonly int[] _rows;

    public FieldObservationsMetric(TailnetMeter meter)
    {
        _family = new CounterFamily(
            meter, "tailscale.network.field.observations", "{observation}", "Presence and absence of connection fields",
            ["tailscale.traffic_type", "field_class", "state"]);

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
        Observe(connection.Type, 0, !connection.SourceAddress.IsEmpty);
        Observe(connection.Type, 1, !connection.DestinationAddress.IsEmpty);
        Observe(connection.Type, 2, connection.HasProtocol);
        Observe(connection.Type, 3, connection.SourcePort > 0);
        Observe(connection.Type, 4, connection.DestinationPort > 0);
    }

    public void Freeze() => _family.Freeze();

    void Observe(TrafficType type, int field, bool isPresent) => _family.Add(_rows[Index(type, field, isPresent)], 0, 1);

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
