using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed partial class FlowProcessorTests
{
    [Test]
    public void Writes_nothing_when_logs_are_off_and_counts_all_the_same()
    {
        using var bench = new FlowBench(f => f.LogMode = FlowLogMode.Off);

        Assert.That(bench.Map(FlowFixtures.Api[0]), Is.Empty);
        Assert.That(bench.Counted("tailscale.network.flows"), Has.Exactly(4).Items);
        Assert.That(bench.Counted("tailscale.network.flow.logs_dropped"), Is.Empty);
    }

    [Test]
    public void Keeps_the_same_connections_under_a_cap_and_counts_the_rest()
    {
        using var all = new FlowBench();
        using var capped = new FlowBench(f => f.MaxLogRecordsPerWindow = 4);

        var records = capped.Map(FlowFixtures.Api[0]);

        Assert.That(records.Select(r => r.Describe()), Is.EqualTo(all.Map(FlowFixtures.Api[0]).Take(4).Select(r => r.Describe())));
        Assert.That(capped.Counted("tailscale.network.flow.logs_dropped"), Is.EqualTo(new[] { ": 2" }));
        Assert.That(capped.Counted("tailscale.network.flows"), Is.EquivalentTo(all.Counted("tailscale.network.flows")));
    }

    [Test]
    public void Counts_only_when_asked_to()
    {
        using var bench = new FlowBench(f => f.MaxLogRecordsPerWindow = 1) { Pass = RecordPass.Deliver };

        _ = bench.Map(FlowFixtures.Api[0]);
        _ = bench.Process("""{"nodeId":"n1","virtualTraffic":[{"proto":300}]}""");

        foreach (var name in new[] { "tailscale.network.flows", "tailscale.network.flow.logs_dropped", "tailscale.network.data_quality", "tailscale.network.reporter.observations" })
            Assert.That(bench.Counted(name), Is.Empty, name);
    }

    [Test]
    public void Counts_what_cannot_be_true_by_path_and_reason()
    {
        using var bench = new FlowBench { Source = RecordSource.Stream };

        _ = bench.Process("""{"nodeId":"n1","virtualTraffic":[{"proto":300},{"txBytes":-1}]}""");

        Assert.That(bench.Counted("tailscale.network.data_quality"), Is.EqualTo(new[] { "reason=negative_counters source=stream: 1" }));
    }

    [TestCase(RecordSource.Poll, "poll_boundary")]
    [TestCase(RecordSource.Stream, "cross_source")]
    public void Counts_two_stories_about_one_window_by_the_traffic_they_differ_in(RecordSource second, string scope)
    {
        const string record = """{"nodeId":"n1","start":"2026-07-27T12:00:00Z","end":"2026-07-27T12:00:05Z","exitTraffic":[{"txBytes":1}],"virtualTraffic":[{"txBytes":1}]}""";
        using var bench = new FlowBench();
        _ = bench.Map(record);
        _ = bench.Process(record);
        bench.Source = second;

        _ = bench.Map(record.Replace("1}],\"virtual", "2}],\"virtual", StringComparison.Ordinal));

        Assert.That(bench.Counted("tailscale.network.dedup.conflicts"), Is.EqualTo(new[] { $"scope={scope} tailscale.traffic_type=exit: 1" }));
    }

    [TestCase("", "", "unconfigured")]
    [TestCase("nWEB1aaCNTRL,nOTHER", "", "configured")]
    [TestCase("nOTHER", "", "untrusted")]
    [TestCase("", "tag:web", "untrusted", Description = "the record's own word for its tags does not count")]
    public void Says_how_far_to_believe_the_reporter(string nodeIds, string tags, string expected)
    {
        using var bench = new FlowBench(f =>
        {
            f.TrustedReporterNodeIds = nodeIds.Split(',', StringSplitOptions.RemoveEmptyEntries);
            f.TrustedReporterTags = tags.Split(',', StringSplitOptions.RemoveEmptyEntries);
        });

        Assert.That(bench.Map(FlowFixtures.Api[0]).Select(r => r["tailscale.reporter.trust"]), Is.All.EqualTo(expected));
        Assert.That(bench.Counted("tailscale.network.reporter.observations"), Is.EqualTo(new[] { $"consistency=match trust={expected}: 1" }));
    }

    [Test]
    public void Says_when_the_reporter_calls_itself_another_and_does_not_take_its_name()
    {
        using var bench = new FlowBench();

        var record = bench.Map("""{"nodeId":"n1","srcNode":{"nodeId":"n2","name":"impostor.ts.net"},"exitTraffic":[{}]}""").Single();

        Assert.That(record["tailscale.reporter.consistency"], Is.EqualTo("mismatch"));
        Assert.That(record["tailscale.node.hostname"], Is.Null);
    }

    [Test]
    public void Attributes_exit_traffic_to_the_reporter_by_name_or_id()
    {
        using var bench = new FlowBench();
        _ = bench.Map("""{"nodeId":"n1","srcNode":{"nodeId":"n1","name":"exit-1.ts.net"},"exitTraffic":[{"txBytes":5}]}""");
        _ = bench.Map("""{"nodeId":"n2","exitTraffic":[{"txBytes":7}]}""");

        Assert.That(bench.Counted("tailscale.exit_node.io"), Is.EquivalentTo(new[]
        {
            "network.io.direction=transmit tailscale.exit_node=unverified:exit-1: 5",
            "network.io.direction=transmit tailscale.exit_node=n2: 7",
        }));
    }

    [TestCase("""{"nodeId":"n1","start":"2026-07-27T12:00:01Z","end":"2026-07-27T12:00:02Z","logged":"2026-07-27T12:00:03Z","exitTraffic":[{}]}""", 1, 3)]
    [TestCase("""{"nodeId":"n1","end":"2026-07-27T12:00:02Z","logged":"2026-07-27T12:00:03Z","exitTraffic":[{}]}""", 2, 3)]
    [TestCase("""{"nodeId":"n1","logged":"2026-07-27T12:00:03Z","exitTraffic":[{}]}""", 3, 3)]
    [TestCase("""{"nodeId":"n1","exitTraffic":[{}]}""", 4, 30)]
    public void Takes_the_first_time_that_is_there(string payload, int time, int observed)
    {
        using var bench = new FlowBench { Metadata = """{"time":1785153604}""" };

        var header = bench.Map(payload).Single().Header;

        Assert.That(header.Time, Is.EqualTo(1_785_153_600_000_000_000 + (time * 1_000_000_000L)));
        Assert.That(header.ObservedTime, Is.EqualTo(1_785_153_600_000_000_000 + (observed * 1_000_000_000L)));
    }

    [Test]
    public void Takes_the_receive_time_when_nobody_says_any_other()
    {
        using var bench = new FlowBench();

        var result = bench.Process("""{"nodeId":"n1","exitTraffic":[{}]}""");

        Assert.That(bench.Logs.Records.Single().Header.Time, Is.EqualTo(FlowBench.Now));
        Assert.That(bench.Logs.Records.Single()["tailscale.flow.window.start"], Is.Null);
        Assert.That((result.EventTime, result.CaptureTime), Is.EqualTo((0L, 0L)), "an age nobody measured");
    }
}
