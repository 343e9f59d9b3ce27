using System.Buffers;
using System.Text;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Demo;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Demo.ControlPlane;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>One tailnet's records by each path on its own and by all at once: captured ones, and made-up ones of every kind.</summary>
[NonParallelizable]
sealed class PathsTests
{
    const string SourceKey = "tailscale2otel.source";

    /// <summary>The stream does not carry it (docs/signals.md).</summary>
    const string DeferredAt = "tailscale.audit.deferred_at";

    /// <summary>Those with connections.</summary>
    const int FixtureFlows = 3;
    const int FixtureAudits = 10;
    const int SimulatedFlows = 40;
    const int SimulatedAudits = 60;

    /// <summary>Everything happened in the minutes before.</summary>
    static readonly DateTimeOffset Now = new(2026, 7, 27, 12, 3, 0, TimeSpan.Zero);

    readonly List<SimulatedRecord> _simulated = Simulate();

    [Test]
    public async Task A_record_is_the_same_log_record_whichever_way_it_comes()
    {
        var streamed = await ByAsync("stream", StreamAsync);
        var polled = await ByAsync("poll", PollAsync);
        var exported = await ByAsync("objectstore", ExportAsync);

        Assert.Multiple(() =>
        {
            Assert.That(polled.Keys, Is.EquivalentTo(streamed.Keys));
            Assert.That(exported.Keys, Is.EquivalentTo(streamed.Keys));
        });
        Assert.That(Differences(streamed, polled).Concat(Differences(streamed, exported)), Is.Empty);
        var deferred = _simulated.OfType<SimulatedAudit>().Count(a => a.DeferredAt is not null);
        Assert.That(deferred, Is.Positive);
        Assert.That(new[] { streamed, polled, exported }.Select(p => p.Values.Count(r => r.Attributes().ContainsKey(DeferredAt))), Is.EqualTo(new[] { 0, deferred + 1, deferred }), "the one exception, of which the captured answer has one more");
    }

    [Test]
    public async Task What_comes_by_all_paths_at_once_arrives_once_and_is_counted_once()
    {
        await using var house = await BeginAsync();
        Fill(house.Tailnet);
        await house.StartAsync(Source("both"));
        await Task.WhenAll(StreamAsync(house), ExportAsync(house), house.WaitForRequestsAsync(ApiEndpoint.NetworkLogs, 1), house.WaitForRequestsAsync(ApiEndpoint.ConfigurationLogs, 1));
        await StreamAsync(house);
        await Task.WhenAll(house.WaitForRequestsAsync(ApiEndpoint.NetworkLogs, 2), house.WaitForRequestsAsync(ApiEndpoint.ConfigurationLogs, 2));
        // What follows it has been read when it arrives.
        await house.StreamAsync("""{"event":"last"}"""u8.ToArray());
        await house.Backend.WaitUntilAsync(() => house.Backend.LogRecords.Any(r => r.EventName == "tailscale.stream.event"), () => "not the last", TailnetHouse.Patience);
        await house.StopAsync();

        var records = house.Backend.LogRecords;
        Assert.That(records.Select(TailnetHouse.Uid), Is.Unique);
        Assert.Multiple(() =>
        {
            Assert.That(records.Count(r => r.EventName == "tailscale.config.audit"), Is.EqualTo(FixtureAudits + SimulatedAudits));
            Assert.That(records.Where(r => r.EventName == "tailscale.network.flow").Select(Record).Distinct().Count(), Is.EqualTo(FixtureFlows + SimulatedFlows));
            Assert.That(house.Counted("tailscale.network.flows"), Is.EqualTo(records.Count(r => r.EventName == "tailscale.network.flow")));
            Assert.That(house.Counted("tailscale.config.audit.events"), Is.EqualTo(FixtureAudits + SimulatedAudits));
            Assert.That(house.Counted("tailscale2otel.dedup.hits"), Is.GreaterThanOrEqualTo(3 * (FixtureFlows + FixtureAudits + SimulatedFlows + SimulatedAudits)), "three other ways");
            Assert.That(house.Counted("tailscale.network.dedup.conflicts"), Is.Zero);
        });
    }

    static Task<TailnetHouse> BeginAsync() => TailnetHouse.BeginAsync(time: new ShiftedTime { Offset = Now - TimeProvider.System.GetUtcNow() });

    static (string, string)[] Source(string source) => [("COLLECTORS__FLOWLOGS__SOURCE", source), ("COLLECTORS__AUDITLOGS__SOURCE", source)];

    static List<SimulatedRecord> Simulate()
    {
        var tailnet = new SimulatedTailnet(9, seed: 20260727);
        var at = new DateTimeOffset(2026, 7, 27, 12, 1, 0, TimeSpan.Zero);
        List<SimulatedRecord> records = [];
        for (var i = 0; i < SimulatedFlows; i++)
            records.Add(tailnet.NextFlow(at += TimeSpan.FromMilliseconds(731)));
        for (var i = 0; i < SimulatedAudits; i++)
            records.Add(tailnet.NextAudit(at += TimeSpan.FromMilliseconds(731)));
        return records;
    }

    /// <summary>The uid without the number of the connection: that of the record.</summary>
    static string Record(LogRecord record) => TailnetHouse.Uid(record)[..32];

    void Fill(SimulatedControlPlane tailnet)
    {
        tailnet.Logs.AddAnswer(LogType.Network, ControlPlaneHost.Fixture("flow-api-response.json"));
        tailnet.Logs.AddAnswer(LogType.Configuration, ControlPlaneHost.Fixture("audit-api-response.json"));
        foreach (var record in _simulated)
            tailnet.Logs.Add(record);
    }

    /// <summary>What arrives, by uid.</summary>
    async Task<Dictionary<string, LogRecord>> ByAsync(string source, Func<TailnetHouse, Task> bring)
    {
        await using var house = await BeginAsync();
        // The simulated bucket is filled by hand; the stream's receiver is there and nobody polls.
        await house.StartAsync(Source(source == "poll" ? "poll" : "stream"));
        await bring(house);
        await house.Backend.WaitUntilAsync(
            () => house.Backend.LogRecords is var arrived
                && arrived.Count(r => r.EventName == "tailscale.config.audit") == FixtureAudits + SimulatedAudits
                && arrived.Where(r => r.EventName == "tailscale.network.flow").Select(Record).Distinct().Count() == FixtureFlows + SimulatedFlows,
            () => $"{house.Backend.LogRecords.Count} log records by {source}",
            TailnetHouse.Patience);
        await house.StopAsync();
        Assert.That(house.Backend.LogRecords.Select(r => r.Attributes()[SourceKey]), Is.All.EqualTo(source));
        return house.Backend.LogRecords.ToDictionary(TailnetHouse.Uid);
    }

    Task PollAsync(TailnetHouse house)
    {
        Fill(house.Tailnet);
        return Task.CompletedTask;
    }

    async Task StreamAsync(TailnetHouse house)
    {
        await house.StreamAsync(ControlPlaneHost.Fixture("flow-hec-ndjson.json"));
        await house.StreamAsync(ControlPlaneHost.Fixture("audit-hec.json"));
        foreach (var type in Enum.GetValues<LogType>())
        {
            var batch = new StreamBatch();
            foreach (var record in _simulated.Where(r => r.Type == type))
                batch.Add(record.WriteStream, 0);
            await house.StreamAsync(batch.Body);
        }
    }

    async Task ExportAsync(TailnetHouse house)
    {
        await house.ExportAsync(RecordSignal.Flow, Lines("s3-flow.ndjson").Concat(Simulated(LogType.Network)));
        await house.ExportAsync(RecordSignal.Audit, Lines("s3-audit.ndjson").Concat(Simulated(LogType.Configuration)));
    }

    static IEnumerable<byte[]> Lines(string fixture) =>
        Encoding.UTF8.GetString(ControlPlaneHost.Fixture(fixture)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes);

    /// <summary>An exported record is one of the API, one a line.</summary>
    IEnumerable<byte[]> Simulated(LogType type) => _simulated.Where(r => r.Type == type).Select(record =>
    {
        var json = new ArrayBufferWriter<byte>();
        record.WriteApi(json);
        return json.WrittenSpan.ToArray();
    });

    static IEnumerable<string> Differences(Dictionary<string, LogRecord> expected, Dictionary<string, LogRecord> actual) =>
        from uid in expected.Keys
        let pair = (Describe(expected[uid]), Describe(actual[uid]))
        where pair.Item1 != pair.Item2
        select $"{pair.Item1}\nis elsewhere\n{pair.Item2}\n";

    /// <summary>All of it but what may differ.</summary>
    static string Describe(LogRecord record)
    {
        var same = record.Clone();
        foreach (var attribute in same.Attributes.Where(a => a.Key is SourceKey or DeferredAt).ToArray())
            same.Attributes.Remove(attribute);
        return same.ToString();
    }
}
