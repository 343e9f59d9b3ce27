using System.Text.Json;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>Writes a flow record member by member in the order in which a node does, leaving out what is zero or empty; <c>logged</c> is in the API's form only.</summary>
static class FlowRecordWriter
{
    static readonly (TrafficKind Kind, JsonEncodedText Name)[] Arrays =
    [
        (TrafficKind.Virtual, JsonEncodedText.Encode("virtualTraffic")),
        (TrafficKind.Subnet, JsonEncodedText.Encode("subnetTraffic")),
        (TrafficKind.Exit, JsonEncodedText.Encode("exitTraffic")),
        (TrafficKind.Physical, JsonEncodedText.Encode("physicalTraffic")),
    ];

    public static void Write(Utf8JsonWriter json, SimulatedFlow flow, RecordForm form)
    {
        var window = flow.Window;
        json.WriteStartObject();
        if (form == RecordForm.Api)
            json.WriteString("logged", GoTime.Format(flow.Recorded));
        json.WriteString("nodeId", window.Reporter.Id);
        json.WriteString("start", GoTime.Format(flow.Start));
        json.WriteString("end", GoTime.Format(flow.End));
        if (!window.Reporter.IsOldClient)
            WriteNodes(json, window);

        var rows = window.Rows.ToArray();
        foreach (var (kind, name) in Arrays)
            WriteRows(json, name, rows.Where(row => row.Key.Kind == kind));
        json.WriteEndObject();
    }

    static void WriteNodes(Utf8JsonWriter json, FlowWindow window)
    {
        json.WritePropertyName("srcNode");
        // Live records name the operating system of the peers but never that of the reporter.
        WriteNode(json, window.Reporter, withOs: false);
        json.WriteStartArray("dstNodes");
        foreach (var peer in window.Peers)
            WriteNode(json, peer, withOs: true);
        json.WriteEndArray();
    }

    static void WriteNode(Utf8JsonWriter json, SimulatedNode node, bool withOs)
    {
        json.WriteStartObject();
        json.WriteString("nodeId", node.Id);
        json.WriteString("name", node.Name);
        json.WriteStartArray("addresses");
        json.WriteStringValue(node.IPv4.ToString());
        json.WriteStringValue(node.IPv6.ToString());
        json.WriteEndArray();
        if (withOs)
            json.WriteString("os", node.Os);
        if (node.User is not null)
            json.WriteString("user", node.User.Login);
        if (node.Tags.Length > 0)
        {
            json.WriteStartArray("tags");
            foreach (var tag in node.Tags)
                json.WriteStringValue(tag);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    static void WriteRows(Utf8JsonWriter json, JsonEncodedText name, IEnumerable<KeyValuePair<TrafficRow, TrafficCounts>> rows)
    {
        var open = false;
        foreach (var (row, counts) in rows)
        {
            if (!open)
                json.WriteStartArray(name);
            open = true;
            json.WriteStartObject();
            if (row.Protocol != 0)
                json.WriteNumber("proto", row.Protocol);
            WriteEndpoint(json, "src", row.Source);
            WriteEndpoint(json, "dst", row.Destination);
            WriteCounter(json, "txPkts", counts.TxPackets);
            WriteCounter(json, "txBytes", counts.TxBytes);
            WriteCounter(json, "rxPkts", counts.RxPackets);
            WriteCounter(json, "rxBytes", counts.RxBytes);
            json.WriteEndObject();
        }

        if (open)
            json.WriteEndArray();
    }

    static void WriteEndpoint(Utf8JsonWriter json, string name, FlowEndpoint endpoint)
    {
        if (endpoint.Address is not null)
            json.WriteString(name, endpoint.ToString());
    }

    static void WriteCounter(Utf8JsonWriter json, string name, ulong value)
    {
        if (value != 0)
            json.WriteNumber(name, value);
    }
}
