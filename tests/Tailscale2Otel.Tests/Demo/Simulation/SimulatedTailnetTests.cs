using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Tests.Demo.Simulation;

/// <summary>What is known of real records, asked of a few hundred simulated ones.</summary>
[TestFixture]
public sealed class SimulatedTailnetTests
{
    const int Nodes = 24;

    static readonly DateTimeOffset Noon = new(2026, 7, 27, 12, 0, 0, TimeSpan.Zero);
    static readonly string[] EnvelopeMembers = ["time", "event", "fields"];
    static readonly string[] FlowMembers = ["nodeId", "start", "end", "srcNode", "dstNodes", "virtualTraffic", "subnetTraffic", "exitTraffic", "physicalTraffic"];
    static readonly string[] RowMembers = ["proto", "src", "dst", "txPkts", "txBytes", "rxPkts", "rxBytes"];
    static readonly string[] AuditMembers = ["eventGroupID", "origin", "actor", "target", "action", "old", "new", "actionDetails", "error"];

    readonly SimulatedTailnet _tailnet = new(Nodes, seed: 7);
    JsonElement[] _flows = [];
    JsonElement[] _audits = [];

    [OneTimeSetUp]
    public void Produce()
    {
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 400; i++)
            _tailnet.WriteFlow(output, Noon.AddMilliseconds(i * 50));
        _flows = Parse(output);
        output.Clear();
        for (var i = 0; i < 3 * AuditScenarios.All.Length; i++)
            _tailnet.WriteAudit(output, Noon.AddMilliseconds(i * 50));
        _audits = Parse(output);
    }

    [Test]
    public void Objects_touch_without_a_separator()
    {
        var output = new ArrayBufferWriter<byte>();
        var tailnet = new SimulatedTailnet(Nodes, seed: 1);
        tailnet.WriteFlow(output, Noon);
        tailnet.WriteAudit(output, Noon);

        Assert.That(Encoding.UTF8.GetString(output.WrittenSpan), Does.Contain("}}{\"time\":").And.Not.Contain("\n{").And.Not.EndWith("\n"));
    }

    [Test]
    public void The_same_seed_and_times_give_the_same_bytes_and_another_seed_does_not()
    {
        var first = Bytes(seed: 3);

        Assert.That(Bytes(seed: 3), Is.EqualTo(first));
        Assert.That(Bytes(seed: 4), Is.Not.EqualTo(first));
    }

    [Test]
    public void An_envelope_has_seconds_with_milliseconds_and_the_time_it_was_recorded() => Assert.Multiple(() =>
    {
        foreach (var envelope in _flows.Concat(_audits))
        {
            Assert.That(Names(envelope), Is.EqualTo(EnvelopeMembers));
            var recorded = Time(envelope.GetProperty("fields"), "recorded");
            var seconds = envelope.GetProperty("time").GetDecimal();
            Assert.That((long)(seconds * 1000), Is.EqualTo(recorded.ToUnixTimeMilliseconds()));
            Assert.That(seconds * 1000 % 1, Is.Zero);
        }
    });

    [Test]
    public void Flow_members_come_in_the_order_of_a_node_and_arrays_are_never_empty() => Assert.Multiple(() =>
    {
        foreach (var flow in _flows.Select(Event))
        {
            Assert.That(Names(flow), Is.EqualTo(FlowMembers.Intersect(Names(flow))));
            Assert.That(flow.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Array).All(m => m.Value.GetArrayLength() > 0));
            Assert.That(Rows(flow), Is.Not.Empty);
        }
    });

    [Test]
    public void A_window_takes_about_five_seconds_and_has_nanoseconds()
    {
        Assert.Multiple(() =>
        {
            foreach (var envelope in _flows)
            {
                var (start, end) = (Time(Event(envelope), "start"), Time(Event(envelope), "end"));
                Assert.That((end - start).TotalSeconds, Is.InRange(5, 5.2));
                Assert.That((Time(envelope.GetProperty("fields"), "recorded") - end).TotalSeconds, Is.InRange(0.5, 4));
            }
        });
        Assert.That(_flows.Count(e => Event(e).GetProperty("start").GetString()!.Length == "2026-07-27T12:00:00.123456789Z".Length), Is.GreaterThan(300));
    }

    [Test]
    public void Only_old_clients_leave_out_the_node_objects()
    {
        var old = _tailnet.Nodes.Where(n => n.IsOldClient).Select(n => n.Id).ToArray();

        Assert.That(old, Is.Not.Empty);
        Assert.That(_flows.Select(Event).Where(f => !f.TryGetProperty("srcNode", out _)).Select(NodeId).Distinct(), Is.EquivalentTo(old));
    }

    [Test]
    public void The_reporter_names_itself_without_operating_system_and_its_peers_with_theirs() => Assert.Multiple(() =>
    {
        foreach (var flow in _flows.Select(Event).Where(f => f.TryGetProperty("srcNode", out _)))
        {
            var source = flow.GetProperty("srcNode");
            Assert.That(NodeId(source), Is.EqualTo(NodeId(flow)));
            Assert.That(source.TryGetProperty("os", out _), Is.False);
            var peers = flow.GetProperty("dstNodes").EnumerateArray().ToArray();
            Assert.That(peers.Select(NodeId), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal).And.Unique.And.No.Member(NodeId(flow)));
            Assert.That(peers.All(p => p.TryGetProperty("os", out _)));
        }
    });

    [Test]
    public void A_node_object_has_two_addresses_and_either_a_user_or_tags() => Assert.Multiple(() =>
    {
        foreach (var node in _flows.Select(Event).Where(f => f.TryGetProperty("srcNode", out _)).SelectMany(f => f.GetProperty("dstNodes").EnumerateArray().Append(f.GetProperty("srcNode"))))
        {
            Assert.That(node.GetProperty("name").GetString(), Does.EndWith(".ts.net"));
            var addresses = node.GetProperty("addresses").EnumerateArray().Select(a => IPAddress.Parse(a.GetString()!).GetAddressBytes().Length);
            Assert.That(addresses, Is.EqualTo(new[] { 4, 16 }));
            Assert.That(node.TryGetProperty("user", out _), Is.Not.EqualTo(node.TryGetProperty("tags", out var tags)));
            if (tags.ValueKind == JsonValueKind.Array)
                Assert.That(tags.EnumerateArray().Select(t => t.GetString()), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal).And.All.StartsWith("tag:"));
        }
    });

    [Test]
    public void Rows_leave_out_what_is_zero_and_no_row_comes_twice() => Assert.Multiple(() =>
    {
        foreach (var flow in _flows.Select(Event))
        {
            foreach (var (_, row) in Rows(flow))
            {
                Assert.That(Names(row), Is.EqualTo(RowMembers.Intersect(Names(row))));
                Assert.That(row.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Number).All(m => m.Value.GetUInt64() > 0));
            }

            Assert.That(Rows(flow).Select(r => (r.Kind, Text(r.Row, "src"), Text(r.Row, "dst"), Text(r.Row, "proto"))), Is.Unique);
        }
    });

    [Test]
    public void Rows_are_sorted_by_source_then_destination_then_protocol() => Assert.Multiple(() =>
    {
        foreach (var group in _flows.SelectMany((f, i) => Rows(Event(f)).Select(r => (Record: i, r.Kind, r.Row))).GroupBy(r => (r.Record, r.Kind)))
        {
            var keys = group.Select(r => (End(r.Row, "src"), End(r.Row, "dst"), Number(r.Row, "proto"))).ToArray();
            Assert.That(keys, Is.Ordered);
        }
    });

    [Test]
    public void The_reporter_is_the_source_of_virtual_rows_and_the_peer_that_of_physical_ones() => Assert.Multiple(() =>
    {
        foreach (var flow in _flows.Select(Event))
        {
            var reporter = Reporter(flow);
            foreach (var (kind, row) in Rows(flow))
            {
                var source = Text(row, "src");
                if (kind == "virtualTraffic")
                    Assert.That(IsOf(reporter, source), source);
                if (kind == "physicalTraffic")
                    Assert.That(_tailnet.Nodes.Any(n => n != reporter && source == $"{n.IPv4}:0") && !row.TryGetProperty("proto", out _), source);
            }
        }
    });

    [Test]
    public void Both_direct_and_relayed_paths_occur_and_a_relay_is_a_known_region()
    {
        var reached = _flows.Select(Event).SelectMany(Rows).Where(r => r.Kind == "physicalTraffic").Select(r => Text(r.Row, "dst")).ToArray();
        var relayed = reached.Where(d => d.StartsWith("127.3.3.40:", StringComparison.Ordinal)).Distinct().ToArray();

        Assert.That(relayed, Is.Not.Empty.And.SubsetOf(_tailnet.Nodes.Select(n => $"127.3.3.40:{n.DerpRegion}")));
        Assert.That(reached.Except(relayed), Is.Not.Empty.And.SubsetOf(_tailnet.Nodes.Select(n => n.Underlay.ToString())));
        Assert.That(reached, Has.Some.StartsWith("["));
    }

    [Test]
    public void Every_virtual_row_is_reported_from_the_other_end_with_the_counters_swapped()
    {
        // All windows of one round: what one node sent is what another received.
        var windows = new TrafficRound(_tailnet.Nodes, new Random(5)).Run();
        var rows = windows.SelectMany(w => w.Rows).Where(r => r.Key.Kind is TrafficKind.Virtual or TrafficKind.Subnet).ToDictionary(r => r.Key, r => r.Value);

        Assert.That(rows, Is.Not.Empty);
        Assert.That(rows.Where(r => rows[r.Key with { Source = r.Key.Destination, Destination = r.Key.Source }] != r.Value.Mirrored), Is.Empty);
    }

    [TestCase(1)]
    [TestCase(58)]
    [TestCase(99)]
    public void A_protocol_without_ports_is_written_with_port_zero(int protocol)
    {
        var rows = _flows.Select(Event).SelectMany(Rows).Where(r => Number(r.Row, "proto") == (ulong)protocol).ToArray();

        Assert.That(rows, Is.Not.Empty);
        Assert.That(rows.SelectMany(r => new[] { Text(r.Row, "src"), Text(r.Row, "dst") }), Has.All.EndsWith(":0"));
    }

    [Test]
    public void Exit_rows_are_scrubbed_in_every_form_that_scrubbing_leaves()
    {
        var rows = _flows.Select(Event).SelectMany(Rows).Where(r => r.Kind == "exitTraffic").Select(r => r.Row).ToArray();
        var addresses = _tailnet.Nodes.Select(n => $"{n.IPv4}:0").Append("").ToArray();

        Assert.That(rows.Where(r => r.TryGetProperty("proto", out _)), Is.Empty);
        Assert.That(rows.SelectMany(r => new[] { Text(r, "src"), Text(r, "dst") }).Distinct(), Is.SubsetOf(addresses));
        Assert.That(
            rows.Select(r => (Src: Text(r, "src").Length > 0, Dst: Text(r, "dst").Length > 0)).Distinct(),
            Is.EquivalentTo(new[] { (true, false), (false, true), (false, false) }));
    }

    [Test]
    public void The_subnet_router_reports_the_lan_as_its_side_and_its_clients_the_other_way_round()
    {
        var router = _tailnet.Nodes.Single(n => n.Role == NodeRole.SubnetRouter);
        var rows = _flows.Select(Event).SelectMany(f => Rows(f).Where(r => r.Kind == "subnetTraffic").Select(r => (Reporter: Reporter(f), r.Row))).ToArray();

        Assert.That(rows.Where(r => r.Reporter == router), Is.Not.Empty.And.All.Matches<(SimulatedNode, JsonElement Row)>(r => Text(r.Row, "src").StartsWith("192.168.40.", StringComparison.Ordinal)));
        Assert.That(rows.Where(r => r.Reporter != router), Is.Not.Empty.And.All.Matches<(SimulatedNode, JsonElement Row)>(r => Text(r.Row, "dst").StartsWith("192.168.40.", StringComparison.Ordinal)));
    }

    [Test]
    public void Audit_records_come_without_time_and_type_and_in_every_form_of_old_and_new()
    {
        Assert.Multiple(() =>
        {
            foreach (var record in _audits.Select(Event))
            {
                Assert.That(Names(record), Is.EqualTo(AuditMembers.Intersect(Names(record))));
                Assert.That(Names(record), Is.SupersetOf(AuditMembers[..5]));
            }
        });
        var kinds = _audits.Select(Event).SelectMany(r => r.EnumerateObject()).Where(m => m.Name is "old" or "new").Select(m => m.Value.ValueKind);
        Assert.That(kinds.Distinct(), Is.EquivalentTo(new[]
        {
            JsonValueKind.String, JsonValueKind.Array, JsonValueKind.Object, JsonValueKind.True, JsonValueKind.False, JsonValueKind.Number, JsonValueKind.Null,
        }));
        Assert.That(_audits.Select(Event).Where(r => r.TryGetProperty("error", out _)), Is.Not.Empty);
        Assert.That(_audits.Select(e => Event(e).GetProperty("eventGroupID").GetString()).GroupBy(g => g).Any(g => g.Count() > 1), "no two records of one operation");
    }

    [Test]
    public void Audit_texts_have_their_places_filled_in() =>
        Assert.That(_audits.Select(a => a.GetRawText()), Has.None.Match(@"\{(node|nodeId|user|userId|v4|v6|n|time)\}"));

    [Test]
    public void No_two_records_are_the_same_event() =>
        Assert.That(_flows.Concat(_audits).Select(e => Event(e).GetRawText()), Is.Unique);

    [Test]
    public void A_tailnet_of_three_nodes_has_traffic_too()
    {
        var output = new ArrayBufferWriter<byte>();
        var tailnet = new SimulatedTailnet(SimulatedTailnet.MinNodes, seed: 1);
        for (var i = 0; i < 50; i++)
            tailnet.WriteFlow(output, Noon);

        Assert.That(Parse(output), Has.Length.EqualTo(50));
        Assert.That(() => new SimulatedTailnet(SimulatedTailnet.MinNodes - 1, seed: 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    static byte[] Bytes(int seed)
    {
        var output = new ArrayBufferWriter<byte>();
        var tailnet = new SimulatedTailnet(Nodes, seed);
        for (var i = 0; i < 50; i++)
        {
            tailnet.WriteFlow(output, Noon.AddSeconds(i));
            tailnet.WriteAudit(output, Noon.AddSeconds(i));
        }

        return output.WrittenSpan.ToArray();
    }

    static JsonElement[] Parse(ArrayBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(output.WrittenSpan, new JsonReaderOptions { AllowMultipleValues = true });
        var values = new List<JsonElement>();
        while (reader.Read())
            values.Add(JsonElement.ParseValue(ref reader));
        return [.. values];
    }

    static JsonElement Event(JsonElement envelope) => envelope.GetProperty("event");

    static string NodeId(JsonElement element) => element.GetProperty("nodeId").GetString()!;

    static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(m => m.Name)];

    static DateTimeOffset Time(JsonElement element, string name) => element.GetProperty(name).GetDateTimeOffset();

    static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.ToString() : "";

    static ulong Number(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetUInt64() : 0;

    static FlowEndpoint End(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) ? FlowEndpoint.Of(IPEndPoint.Parse(value.GetString()!)) : FlowEndpoint.Scrubbed;

    static IEnumerable<(string Kind, JsonElement Row)> Rows(JsonElement flow) =>
        from member in flow.EnumerateObject()
        where member.Name.EndsWith("Traffic", StringComparison.Ordinal)
        from row in member.Value.EnumerateArray()
        select (member.Name, row);

    SimulatedNode Reporter(JsonElement flow) => _tailnet.Nodes.Single(n => n.Id == NodeId(flow));

    static bool IsOf(SimulatedNode node, string endpoint) =>
        endpoint.StartsWith($"{node.IPv4}:", StringComparison.Ordinal) || endpoint.StartsWith($"[{node.IPv6}]:", StringComparison.Ordinal);
}
