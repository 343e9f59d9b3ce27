namespace Tailscale2Otel.Tests.Processing.Flow;

sealed partial class NodeNamesTests
{
    const string Described = """{"nodeId":"n1","start":"2026-07-27T12:00:00Z","srcNode":{"nodeId":"n1","name":"web-1.ts.net","addresses":["100.64.0.1"]},"dstNodes":[{"nodeId":"n2","name":"db-1.ts.net","addresses":["100.64.0.2/32","fd7a:115c:a1e0::2"]}],"virtualTraffic":[{"src":"100.64.0.1:1","dst":"100.64.0.2:2"}]}""";
    const string Bare = """{"nodeId":"n1","start":"2026-07-27T12:00:01Z","virtualTraffic":[{"src":"100.64.0.1:1","dst":"[fd7a:115c:a1e0::2]:2"}]}""";

    [Test]
    public void Marks_what_only_the_record_says()
    {
        using var bench = new FlowBench();

        Assert.That(Names(bench, Described), Is.EqualTo(("unverified:web-1", "unverified:db-1", "unverified:web-1")));
    }

    [Test]
    public void Remembers_names_for_records_without_them()
    {
        using var bench = new FlowBench();
        Assert.That(Names(bench, Bare.Replace("01Z", "02Z", StringComparison.Ordinal)), Is.EqualTo(("unknown", "unknown", (object?)null)));

        _ = bench.Map(Described);

        Assert.That(Names(bench, Bare), Is.EqualTo(("unverified:web-1", "unverified:db-1", "unverified:web-1")));
    }

    [Test]
    public void Forgets_names_after_half_an_hour()
    {
        using var bench = new FlowBench();
        _ = bench.Map(Described);
        bench.ReceivedAt += 31 * 60_000_000_000;

        Assert.That(Names(bench, Bare), Is.EqualTo(("unknown", "unknown", (object?)null)));
    }

    [Test]
    public void Does_not_remember_what_an_impostor_says()
    {
        using var bench = new FlowBench();
        _ = bench.Map(Described.Replace("\"srcNode\":{\"nodeId\":\"n1\"", "\"srcNode\":{\"nodeId\":\"n9\"", StringComparison.Ordinal));

        Assert.That(Names(bench, Bare), Is.EqualTo(("unknown", "unknown", (object?)null)));
    }

    [Test]
    public void Does_not_remember_a_nodes_claim_to_an_address_outside_the_tailnet()
    {
        const string claim = """{"nodeId":"n1","start":"2026-07-27T12:00:00Z","dstNodes":[{"name":"evil.ts.net","addresses":["192.0.2.1"]}]}""";
        const string traffic = """{"nodeId":"n1","start":"2026-07-27T12:00:01Z","exitTraffic":[{"src":"192.0.2.1:1","dst":"192.0.2.2:2"}]}""";
        using var bench = new FlowBench();
        _ = bench.Map(claim);

        Assert.That(Names(bench, traffic), Is.EqualTo(("external", "external", (object?)null)));
    }

    [Test]
    public void Believes_the_reporter_about_itself_before_its_peers()
    {
        const string record = """{"nodeId":"n1","dstNodes":[{"name":"peer.ts.net","addresses":["100.64.0.1"]}],"srcNode":{"name":"self.ts.net","addresses":["100.64.0.1"]},"virtualTraffic":[{"src":"100.64.0.1:1"}]}""";
        using var bench = new FlowBench();

        Assert.That(bench.Map(record).Single()["tailscale.src.node"], Is.EqualTo("unverified:self"));
    }

    [TestCase(true, "unknown", "external")]
    [TestCase(false, "100.64.0.9", "2001:db8::1")]
    public void Collapses_addresses_without_a_name_unless_told_not_to(bool collapse, string tailnet, string outside)
    {
        using var bench = new FlowBench(dimensions: d => d.CollapseExternal = collapse);

        Assert.That(
            Names(bench, """{"nodeId":"n1","exitTraffic":[{"src":"100.64.0.9:1","dst":"[2001:db8::1]:2"}]}"""),
            Is.EqualTo((tailnet, outside, (object?)null)));
    }

    [TestCase("""{"nodeId":"n7","addresses":["100.64.0.1"]}""", "unverified:n7", Description = "the ID where there is no name")]
    [TestCase("""{"name":"web-1","addresses":["100.64.0.1"]}""", "unverified:web-1")]
    [TestCase("""{"name":".ts.net","addresses":["100.64.0.1"]}""", "unverified:.ts.net")]
    [TestCase("""{"addresses":["100.64.0.1"]}""", "unknown")]
    [TestCase("""{"name":"web-1","addresses":"100.64.0.1"}""", "unverified:web-1")]
    public void Names_a_node_by_what_there_is(string node, string expected)
    {
        using var bench = new FlowBench();

        Assert.That(bench.Map($$"""{"nodeId":"n1","dstNodes":[{{node}}],"virtualTraffic":[{"src":"100.64.0.1:1"}]}""").Single()["tailscale.src.node"], Is.EqualTo(expected));
    }

    [Test]
    public void Cuts_a_name_that_no_dns_could_hold()
    {
        using var bench = new FlowBench();

        var record = bench.Map($$"""{"nodeId":"n1","dstNodes":[{"name":"{{new string('x', 10_000)}}","addresses":["100.64.0.1"]}],"virtualTraffic":[{"src":"100.64.0.1:1"}]}""").Single();

        Assert.That(record["tailscale.src.node"], Is.EqualTo("unverified:" + new string('x', 255)));
    }

    static (object?, object?, object?) Names(FlowBench bench, string payload)
    {
        var record = bench.Map(payload).Single();
        return (record["tailscale.src.node"], record["tailscale.dst.node"], record["tailscale.node.hostname"]);
    }
}
