using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed partial class FlowProcessorTests
{
    [Test]
    public void Writes_the_same_log_records_however_the_record_is_written() =>
        Prop.ForAll(SomeFlow.Gen.ToArbitrary(), ArbMap.Default.ArbFor<int>(), (flow, seed) =>
            Describe(new FlowBench().Map(flow.Plain())) == Describe(new FlowBench().Map(flow.Disguised(seed))))
            .QuickCheckThrowOnFailure();

    [Test]
    public void Writes_the_same_log_records_whatever_path_they_came_by()
    {
        for (var i = 0; i < FlowFixtures.Api.Length; i++)
        {
            var api = new FlowBench().Map(FlowFixtures.Api[i]);
            var (payload, metadata) = FlowFixtures.Hec[i];
            var hec = new FlowBench { Source = RecordSource.Stream, Metadata = metadata }.Map(payload);

            Assert.That(Describe(hec, withSource: false), Is.EqualTo(Describe(api, withSource: false)));
            Assert.That(hec.Select(r => r["tailscale2otel.source"]), Is.All.EqualTo("stream"));
        }
    }

    [Test]
    public void Knows_an_event_again_by_another_path()
    {
        var bench = new FlowBench();
        Assert.That(bench.Process(FlowFixtures.Api[0]).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        bench.Source = RecordSource.Stream;
        bench.Metadata = FlowFixtures.Hec[0].Metadata;
        var written = bench.Logs.Records.Count;

        Assert.That(bench.Process(FlowFixtures.Hec[0].Payload), Is.EqualTo(ProcessResult.Duplicate));
        Assert.That(bench.Logs.Records, Has.Count.EqualTo(written));
    }

    [Test]
    public void Does_not_take_a_record_read_again_for_another()
    {
        var bench = new FlowBench();
        var payload = Encoding.UTF8.GetBytes(FlowFixtures.Api[0]);

        Assert.That(bench.ProcessAt(7, payload).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(bench.ProcessAt(7, payload).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(bench.ProcessAt(8, payload).Outcome, Is.EqualTo(ProcessOutcome.Duplicate));
    }

    [TestCase("{", "decode_error")]
    [TestCase("""{"nodeId":"n1","start":"2026-07-27T12:00:05Z","end":"2026-07-27T12:00:00Z","virtualTraffic":[{"txBytes":1}]}""", "inverted_window")]
    public void Sets_a_faulty_record_aside_once_however_often_it_is_polled(string payload, string reason)
    {
        var bench = new FlowBench();
        var bytes = Encoding.UTF8.GetBytes(payload);
        Assert.That(bench.ProcessAt(7, bytes), Is.EqualTo(ProcessResult.DeadLetter(reason)));
        Assert.That(bench.ProcessAt(8, bytes), Is.EqualTo(ProcessResult.Duplicate));
        Assert.That(bench.ProcessAt(7, bytes), Is.EqualTo(ProcessResult.DeadLetter(reason)), "read again after a crash");

        bench.Tailnet = "another";
        Assert.That(bench.ProcessAt(9, bytes), Is.EqualTo(ProcessResult.DeadLetter(reason)));
    }

    [Test]
    public void Knows_a_faulty_record_again_that_was_read_only_to_learn_its_key()
    {
        var bench = new FlowBench { Pass = RecordPass.LearnKey };
        bench.Process("{");
        bench.Pass = RecordPass.Deliver | RecordPass.Count;

        Assert.That(bench.Process("{"), Is.EqualTo(ProcessResult.Duplicate));
    }

    [Test]
    public void Counts_a_violation_once_however_often_the_record_is_polled()
    {
        var bench = new FlowBench();
        for (var i = 0; i < 10; i++)
            bench.Process("""{"nodeId":"n1","start":"2026-07-27T12:00:05Z","end":"2026-07-27T12:00:00Z"}""");

        Assert.That(bench.Counted("tailscale.network.data_quality"), Is.EqualTo(new[] { "reason=inverted_window source=poll: 1" }));
    }

    [Test]
    public void Sets_aside_whatever_a_sender_streams_twice()
    {
        var bench = new FlowBench { Source = RecordSource.Stream };
        Assert.That(bench.Process("{"), Is.EqualTo(ProcessResult.DeadLetter("decode_error")));
        Assert.That(bench.Process("{"), Is.EqualTo(ProcessResult.DeadLetter("decode_error")));
    }

    [Test]
    public void Tells_the_same_event_of_two_tailnets_apart()
    {
        var bench = new FlowBench { Tailnet = "one" };
        var first = bench.Map(FlowFixtures.Api[0]);
        bench.Tailnet = "two";
        var second = bench.Map(FlowFixtures.Api[0]);

        Assert.That(first[0]["tailscale.tailnet"], Is.EqualTo("one"));
        Assert.That(second[0]["tailscale.tailnet"], Is.EqualTo("two"));
        Assert.That(second[0].Uid, Is.Not.EqualTo(first[0].Uid));
    }

    [Test]
    public void Only_learns_the_key_when_that_is_all_it_is_asked()
    {
        var bench = new FlowBench { Pass = RecordPass.LearnKey };
        var payload = Encoding.UTF8.GetBytes(FlowFixtures.Api[0]);

        Assert.That(bench.ProcessAt(7, payload).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        bench.Pass = RecordPass.Deliver;

        Assert.That(bench.ProcessAt(8, payload).Outcome, Is.EqualTo(ProcessOutcome.Duplicate));
        Assert.That(bench.Logs.Records, Is.Empty);
    }

    [Test]
    public void Writes_nothing_when_it_only_counts()
    {
        var bench = new FlowBench { Pass = RecordPass.Count };

        Assert.That(bench.Process(FlowFixtures.Api[0]).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(bench.Logs.Records, Is.Empty);
    }

    [Test]
    public void Says_when_the_event_happened_and_when_it_was_recorded() =>
        Assert.That(
            new FlowBench().Process(FlowFixtures.Api[0]),
            Is.EqualTo(ProcessResult.MappedAt(1_785_153_600_104_512_331, 1_785_153_607_551_200_917)));

    [TestCase("txPkts\":-1", "negative_counters")]
    [TestCase("rxBytes\":\"-1\"", "negative_counters")]
    [TestCase("src\":\"nowhere\"", "invalid_endpoint")]
    [TestCase("dst\":5", "invalid_endpoint")]
    [TestCase("dst\":\"100.64.0.1:65536\"", "invalid_endpoint")]
    [TestCase("proto\":256", "invalid_protocol")]
    [TestCase("txBytes\":1.5", "decode_error")]
    public void Keeps_a_row_that_cannot_be_as_a_dead_letter(string member, string reason)
    {
        var bench = new FlowBench();

        Assert.That(bench.Process($$"""{"nodeId":"n1","start":"2026-07-27T12:00:00Z","virtualTraffic":[{"txBytes":1},{"{{member}}}]}"""), Is.EqualTo(ProcessResult.DeadLetter(reason)));
        Assert.That(bench.Logs.Records, Is.Empty);
        Assert.That(bench.Map(FlowFixtures.Api[0]), Has.Count.EqualTo(6), "its neighbour");
    }

    [TestCase("""{"nodeId":"n1","start":"2026-07-27T12:00:05.000000001Z","end":"2026-07-27T12:00:05Z"}""", "inverted_window")]
    [TestCase("""{"nodeId":"n1","start":"2026-07-27T12:05:30.000000001Z"}""", "future_timestamp")]
    [TestCase("""{"nodeId":"n1","end":"2026-07-27T12:05:30.000000001Z"}""", "future_timestamp")]
    [TestCase("""{"nodeId":"n1","start":"2026-07-27T12:10:00.000000001Z","logged":"2026-07-27T12:05:00Z"}""", "future_timestamp")]
    [TestCase("""{"nodeId":"n1","start":"2999-07-27T12:00:00Z"}""", "decode_error")]
    [TestCase("[]", "decode_error")]
    [TestCase("{", "decode_error")]
    public void Keeps_a_time_that_cannot_be_as_a_dead_letter(string payload, string reason) =>
        Assert.That(new FlowBench().Process(payload), Is.EqualTo(ProcessResult.DeadLetter(reason)));

    /// <summary>Tailscale and the node agree on the time: it is this machine's that is wrong.</summary>
    [Test]
    public void Gives_up_no_record_because_the_own_clock_is_late()
    {
        var bench = new FlowBench { Metadata = """{"fields":{"recorded":"2026-07-27T13:00:05.5Z"}}""" };

        Assert.That(bench.Process("""{"nodeId":"n1","start":"2026-07-27T13:00:00Z","end":"2026-07-27T13:00:05Z"}""").Outcome, Is.EqualTo(ProcessOutcome.Mapped));
    }

    [TestCase("""{"nodeId":"n1","start":"2026-07-27T12:00:05Z","end":"2026-07-27T12:00:05Z"}""")]
    [TestCase("""{"nodeId":"n1","start":"2026-07-27T12:00:05Z"}""")]
    [TestCase("""{"nodeId":"n1","end":"2026-07-27T12:05:30Z","logged":"2026-07-27T12:05:30Z"}""")]
    public void Takes_what_is_unusual_but_can_be(string payload) =>
        Assert.That(new FlowBench().Process(payload).Outcome, Is.EqualTo(ProcessOutcome.Mapped));

    [Test]
    public void Delivers_both_of_two_stories_about_one_window()
    {
        const string record = """{"nodeId":"n1","start":"2026-07-27T12:00:00Z","end":"2026-07-27T12:00:05Z","exitTraffic":[{"txBytes":1}]}""";
        var bench = new FlowBench();

        var first = bench.Map(record).Single();
        var second = bench.Map(record.Replace(":1}", ":2}", StringComparison.Ordinal)).Single();

        Assert.That(second.Uid, Is.Not.EqualTo(first.Uid));
        Assert.That((first["tailscale.tx.bytes"], second["tailscale.tx.bytes"]), Is.EqualTo((1L, 2L)));
    }

    [Test]
    public void Never_throws_for_a_record_with_a_few_bytes_changed()
    {
        var bench = new FlowBench(f => f.TrustedReporterNodeIds = ["nWEB1aaCNTRL"]);
        var payloads = FlowFixtures.Api.Select(Encoding.UTF8.GetBytes).ToArray();
        var changes =
            from payload in Gen.Elements(payloads)
            from at in Gen.Choose(0, payload.Length - 1).ListOf(2)
            from bytes in Gen.Choose(32, 126).ListOf(2)
            select (payload, at, bytes);

        Prop.ForAll(changes.ToArbitrary(), change =>
        {
            var bytes = change.payload.ToArray();
            for (var i = 0; i < change.at.Count; i++)
                bytes[change.at[i]] = (byte)change.bytes[i];
            bench.Logs.Records.Clear();
            var outcome = bench.Process(bytes).Outcome;
            return outcome == ProcessOutcome.Mapped || bench.Logs.Records.Count == 0;
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Test]
    public void Writes_a_record_of_a_thousand_connections_with_a_thousand_nodes()
    {
        var rows = string.Join(',', Enumerable.Range(0, 1000).Select(i => $$"""{"proto":6,"src":"100.64.0.1:{{i + 1}}","dst":"100.65.{{i / 250}}.{{i % 250}}:443","txBytes":{{i}}}"""));
        var nodes = string.Join(',', Enumerable.Range(0, 1000).Select(i => $$"""{"nodeId":"n{{i}}","name":"node-{{i}}.ts.net","addresses":["100.65.{{i / 250}}.{{i % 250}}"]}"""));

        var records = new FlowBench().Map($$"""{"nodeId":"n1","start":"2026-07-27T12:00:00Z","dstNodes":[{{nodes}}],"virtualTraffic":[{{rows}}]}""");

        Assert.That(records, Has.Count.EqualTo(1000));
        Assert.That(records.Select(r => r.Uid), Is.Unique);
        Assert.That(records.Select(r => r["tailscale.dst.node"]), Is.EqualTo(records.Select(r => $"unverified:node-{r["tailscale.tx.bytes"]}")));
    }

    static string Describe(List<CollectedRecord> records, bool withSource = true) => string.Concat(records.Select(r => r.Describe(withSource)));
}
