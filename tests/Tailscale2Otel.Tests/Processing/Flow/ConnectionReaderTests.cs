using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

/// <summary>What a row has in common with others is resolved and looked up once: that must not show in what is counted.</summary>
sealed class ConnectionReaderTests
{
    const string Bytes = "tailscale.network.io.rollup";

    const string Nodes = """
        "srcNode":{"nodeId":"n2","name":"db-1.ts.net","addresses":["100.64.0.2"],"os":"linux","tags":["tag:db"]},
        "dstNodes":[{"addresses":["100.64.0.3","192.0.2.3"],"user":"ada@example.com"}]
        """;

    static readonly string[] Instruments =
        [Bytes, "tailscale.network.packets.rollup", "tailscale.network.flows", "tailscale.network.field.observations", "tailscale.exit_node.io"];

    static readonly string[] Arrays = ["virtualTraffic", "subnetTraffic", "exitTraffic", "physicalTraffic"];

    /// <summary>Listed, described, described without a name, remembered, unknown, outside, with a zone, relays.</summary>
    static readonly string[] Ends =
    [
        "", "100.64.0.1:22", "100.64.0.1:50000", "100.64.0.2:443", "100.64.0.3:53", "192.0.2.3:53", "100.64.0.4:0", "100.64.0.5:80", "192.0.2.1:443", "192.0.2.2:443",
        "[fe80::1%eth0]:5", "127.3.3.40:10", "127.3.3.40:7", "127.3.3.40:0",
    ];

    [Test]
    public void Rows_of_one_record_are_counted_as_if_each_came_alone([Values] bool collapses)
    {
        var random = new Random(11);
        using var together = Bench(collapses);
        using var alone = Bench(collapses);
        var sequence = 0;
        for (var record = 0; record < 40; record++)
        {
            (string Array, string Row)[] rows = [.. Enumerable.Range(0, 15).Select(_ => (Arrays[random.Next(Arrays.Length)], Row(random)))];
            var arrays = rows.GroupBy(r => r.Array).Select(g => $"\"{g.Key}\":[{string.Join(',', g.Select(r => r.Row))}]");
            _ = together.Map(Record(sequence++, $"{Nodes},{string.Join(',', arrays)}"));
            foreach (var (array, row) in rows)
            {
                _ = alone.Map(Record(sequence++, $"{Nodes},\"{array}\":[{row}]"));
                _ = alone.Counted(Bytes);
            }
        }

        foreach (var instrument in Instruments)
            Assert.That(together.Counted(instrument), Is.EquivalentTo(alone.Counted(instrument)).And.Not.Empty, instrument);
    }

    [Test]
    public void A_device_that_the_next_list_calls_otherwise_is_counted_under_its_new_name()
    {
        using var bench = new FlowBench();
        foreach (var name in new[] { "web-1", "web-2" })
        {
            bench.Devices.Replace(SomeDevices.List(SomeDevices.Device("n1", $"{name}.ts.net", "100.64.0.1")));
            _ = bench.Map(Record(name[^1], """ "virtualTraffic":[{"src":"100.64.0.1:1","txBytes":5}] """));
        }

        Assert.That(bench.Counted(Bytes).Select(c => (c.Contains("web-1"), c.Contains("web-2"))), Is.EquivalentTo(new[] { (true, false), (false, true) }));
    }

    [Test]
    public void A_node_that_records_call_otherwise_is_counted_under_its_new_name()
    {
        using var bench = new FlowBench();
        foreach (var name in new[] { "web-1", "web-2" })
        {
            _ = bench.Map(Record(name[^1], $$""" "srcNode":{"nodeId":"n2","name":"{{name}}.ts.net","addresses":["100.64.0.1"]} """));
            _ = bench.Map(Record(name[^1] + 10, """ "virtualTraffic":[{"src":"100.64.0.1:1","txBytes":5}] """));
        }

        Assert.That(bench.Counted(Bytes).Select(c => (c.Contains("web-1"), c.Contains("web-2"))), Is.EquivalentTo(new[] { (true, false), (false, true) }));
    }

    static FlowBench Bench(bool collapses)
    {
        var bench = new FlowBench(dimensions: d => (d.CollapseExternal, d.IdentityDims, d.RollupTopN) = (collapses, true, 10_000));
        bench.Devices.Replace(SomeDevices.List(SomeDevices.Device("n1", "web-1.ts.net", "100.64.0.1") with { Tags = ["tag:web"] }));
        _ = bench.Map("""{"nodeId":"n4","start":"2026-07-27T12:00:00Z","srcNode":{"nodeId":"n4","name":"old.ts.net","addresses":["100.64.0.4"]}}""");
        return bench;
    }

    static string Record(int sequence, string members) => $$"""{"nodeId":"n2","start":"2026-07-27T12:00:00.{{sequence:D9}}Z","end":"2026-07-27T12:00:05Z",{{members}}}""";

    static string Row(Random random) =>
        $$"""{"proto":{{random.Next(4) switch { 0 => 0, 1 => 17, _ => 6 }}},"src":"{{Ends[random.Next(Ends.Length)]}}","dst":"{{Ends[random.Next(Ends.Length)]}}","txPkts":{{random.Next(9)}},"txBytes":{{random.Next(999)}},"rxBytes":{{random.Next(999)}}}""";
}
