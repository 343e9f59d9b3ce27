using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

/// <summary>What the device list changes: who goes before whom, and what bears the mark.</summary>
sealed partial class NodeNamesTests
{
    const string Lying = """{"nodeId":"n1","start":"2026-07-27T12:00:00Z","srcNode":{"nodeId":"n1","name":"admin.ts.net","addresses":["100.64.0.1"],"user":"root@example.com","os":"plan9","tags":["tag:admin"]},"virtualTraffic":[{"src":"100.64.0.1:1","dst":"100.64.0.2:2"}]}""";

    static readonly Device Web = SomeDevices.Device("n1", "web-1.ts.net", "100.64.0.1") with { Tags = ["tag:web", "tag:prod"], Os = "" };
    static readonly Device Db = SomeDevices.Device("n2", "db-1.ts.net", "100.64.0.2", "fd7a:115c:a1e0::2") with { Os = "freebsd" };

    [TestCase(true, true, "db-1", Description = "the list, without the mark")]
    [TestCase(false, true, "unverified:db-1", Description = "the record's own word")]
    [TestCase(false, false, "unknown", Description = "nobody's")]
    public void Believes_the_list_then_the_record_then_nobody(bool isListed, bool isDescribed, string expected)
    {
        using var bench = new FlowBench();
        if (isListed)
            bench.Devices.Replace(SomeDevices.List(Db));
        var described = isDescribed ? ""","dstNodes":[{"nodeId":"n2","name":"db-1.ts.net","addresses":["100.64.0.2"]}]""" : "";

        var record = bench.Map($$"""{"nodeId":"n1"{{described}},"virtualTraffic":[{"src":"192.0.2.1:1","dst":"100.64.0.2:2"}]}""").Single();

        Assert.That((record["tailscale.src.node"], record["tailscale.dst.node"]), Is.EqualTo(("external", expected)));
    }

    [Test]
    public void Gives_a_node_the_same_name_with_and_without_the_mark()
    {
        using var bench = new FlowBench();
        var before = Names(bench, Described);
        bench.Devices.Replace(SomeDevices.List(Web, Db));

        Assert.That(Names(bench, Bare), Is.EqualTo(("web-1", "db-1", "web-1")));
        Assert.That(before, Is.EqualTo(("unverified:web-1", "unverified:db-1", "unverified:web-1")));
    }

    [Test]
    public void Uses_nothing_that_a_record_says_of_a_device_which_the_list_knows()
    {
        using var bench = new FlowBench();
        bench.Devices.Replace(SomeDevices.List(Web, Db));

        var record = bench.Map(Lying).Single();

        Assert.Multiple(() =>
        {
            Assert.That(record["tailscale.src.node"], Is.EqualTo("web-1"));
            Assert.That(record["tailscale.src.user"], Is.Null, "a tagged device has no user, and the list's is who added it");
            Assert.That(record["tailscale.src.tags"], Is.EqualTo("tag:prod,tag:web"));
            Assert.That(record["tailscale.src.os"], Is.Null);
            Assert.That(record["tailscale.dst.user"], Is.EqualTo("ada@example.com"));
            Assert.That(record["tailscale.dst.tags"], Is.Null);
            Assert.That(record["tailscale.dst.os"], Is.EqualTo("freebsd"));
            Assert.That(record["tailscale.node.hostname"], Is.EqualTo("web-1"));
        });
    }

    [Test]
    public void Believes_the_record_about_nodes_that_are_not_in_the_list()
    {
        using var bench = new FlowBench();
        bench.Devices.Replace(SomeDevices.List(Db));

        var record = bench.Map(Lying).Single();

        Assert.That((record["tailscale.src.node"], record["tailscale.src.user"], record["tailscale.src.os"]), Is.EqualTo(("unverified:admin", "root@example.com", "plan9")));
        Assert.That(record["tailscale.node.hostname"], Is.EqualTo("unverified:admin"));
    }

    [Test]
    public void Goes_back_to_the_records_word_when_a_device_left_the_list()
    {
        using var bench = new FlowBench();
        bench.Devices.Replace(SomeDevices.List(Web, Db));
        _ = bench.Map(Described);
        bench.Devices.Replace(SomeDevices.List(Web));

        Assert.That(Names(bench, Bare), Is.EqualTo(("web-1", "unverified:db-1", "web-1")));
    }

    [Test]
    public void Names_the_peer_of_physical_traffic_and_leaves_its_endpoint_and_subnets_as_they_are()
    {
        const string traffic = """{"nodeId":"n1","physicalTraffic":[{"src":"100.64.0.2:0","dst":"203.0.113.9:41641"},{"src":"100.64.0.2:0","dst":"127.3.3.40:4"}],"subnetTraffic":[{"src":"100.64.0.2:5","dst":"10.0.0.7:22"}]}""";
        using var bench = new FlowBench();
        bench.Devices.Replace(SomeDevices.List(Web, Db with { AdvertisedRoutes = ["10.0.0.0/24"], EnabledRoutes = ["10.0.0.0/24"] }));

        var ends = bench.Map(traffic).Select(r => $"{r["tailscale.traffic_type"]} {r["tailscale.src.node"]} {r["tailscale.dst.node"]}");

        Assert.That(ends, Is.EquivalentTo(new[] { "physical db-1 external", "physical db-1 ", "subnet db-1 external" }));
    }

    [Test]
    public void Counts_exit_traffic_for_the_reporter_as_the_list_calls_it()
    {
        using var bench = new FlowBench();
        bench.Devices.Replace(SomeDevices.List(Web));
        _ = bench.Map("""{"nodeId":"n1","exitTraffic":[{"src":"100.64.0.2:1","dst":"192.0.2.1:443","txBytes":7}]}""");

        Assert.That(bench.Counted("tailscale.exit_node.io"), Is.EqualTo(new[] { "network.io.direction=transmit tailscale.exit_node=web-1: 7" }));
    }

    [TestCase("tag:web", "tagged")]
    [TestCase("prod", "tagged", Description = "without the prefix")]
    [TestCase("tag:admin", "untrusted", Description = "only the record says so")]
    [TestCase("tag:we", "untrusted")]
    public void Trusts_a_reporter_for_a_tag_that_the_list_gives_it(string trusted, string expected)
    {
        using var bench = new FlowBench(o => o.TrustedReporterTags = [trusted]);
        bench.Devices.Replace(SomeDevices.List(Web));

        Assert.That(bench.Map(Lying).Single()["tailscale.reporter.trust"], Is.EqualTo(expected));
        Assert.That(bench.Counted("tailscale.network.reporter.observations"), Is.EqualTo(new[] { $"consistency=match trust={expected}: 1" }));
    }

    [Test]
    public void Does_not_trust_a_shared_device_for_the_tags_of_its_own_tailnet()
    {
        using var bench = new FlowBench(o => o.TrustedReporterTags = ["tag:web"]);
        bench.Devices.Replace(SomeDevices.List(Web with { IsExternal = true }));

        Assert.That(bench.Map(Lying).Single()["tailscale.reporter.trust"], Is.EqualTo("untrusted"));
    }

    [Test]
    public void Says_configured_of_a_listed_id_before_its_tags()
    {
        using var bench = new FlowBench(o => (o.TrustedReporterTags, o.TrustedReporterNodeIds) = (["tag:web"], ["n0", "n1"]));
        bench.Devices.Replace(SomeDevices.List(Web));

        Assert.That(bench.Map(Lying).Single()["tailscale.reporter.trust"], Is.EqualTo("configured"));
    }

    [Test]
    public void Takes_every_end_of_the_recorded_records_from_a_list_that_has_them_all()
    {
        using var bench = new FlowBench();
        bench.Devices.Replace(SomeDevices.List(
            SomeDevices.Device("nWEB1aaCNTRL", "web-1.tail1234.ts.net", "100.64.10.1"),
            SomeDevices.Device("nADA", "ada-laptop.tail1234.ts.net", "100.64.20.5")));

        var records = FlowFixtures.Api.SelectMany(bench.Map).ToList();

        var ends = ((string Node, string Address)[])[("tailscale.src.node", "source.address"), ("tailscale.dst.node", "destination.address")];
        var names = ends.SelectMany(end => records.Where(r => r[end.Address] is "100.64.10.1" or "100.64.20.5").Select(r => r[end.Node])).Distinct();
        Assert.That(names, Is.EquivalentTo(new[] { "web-1", "ada-laptop" }));
        Assert.That(records.Where(r => (string?)r["tailscale.node.id"] == "nWEB1aaCNTRL").Select(r => r["tailscale.node.hostname"]).Distinct(), Is.EqualTo(new[] { "web-1" }));
        Assert.That(records.Select(r => r.Uid), Is.EqualTo(FlowFixtures.Api.SelectMany(new FlowBench().Map).Select(r => r.Uid)), "names are no part of what a record is");
    }
}
