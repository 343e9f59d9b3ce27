using FsCheck;
using FsCheck.Fluent;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Tests.Export.Otlp.Wire;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

/// <summary>A writer that repeats parts must end up with what one is told that takes every attribute by itself.</summary>
sealed class ConnectionLogsTests
{
    [Test]
    public void Fixtures_are_on_the_wire_what_they_are_attribute_by_attribute()
    {
        foreach (var fixture in FlowFixtures.Api)
            AssertSame(fixture);
    }

    [Test]
    public void Random_records_are_on_the_wire_what_they_are_attribute_by_attribute() =>
        Prop.ForAll(SomeFlow.Gen.ToArbitrary(), ArbMap.Default.ArbFor<int>(), (flow, seed) =>
        {
            AssertSame(flow.Plain());
            AssertSame(flow.Disguised(seed));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Neighbours_that_differ_in_one_thing_keep_it() => AssertSame("""
        {"nodeId":"n1","start":"2026-07-27T12:00:00Z","end":"2026-07-27T12:00:05Z",
        "srcNode":{"nodeId":"n1","name":"web-1.ts.net","addresses":["100.64.10.1"],"tags":["tag:b","tag:a"]},
        "virtualTraffic":[
          {"proto":6,"src":"100.64.10.1:00443","dst":"100.64.20.5:22"},{"proto":6,"src":"100.64.10.1:443","dst":"100.64.20.5:9"},
          {"proto":17,"src":"100.64.10.1:443","dst":"100.64.20.5:65535"},{"proto":6,"src":"[fd7a:115c:a1e0::1]:10000","dst":"100.64.20.5:99"},
          {"proto":6,"src":"[fd7a:115c:a1e0:0::1]:10000","dst":"100.64.20.5:100"},{"proto":6,"dst":"[fd7a:115c:a1e0::2]:9999"}],
        "exitTraffic":[{"src":"100.64.10.1:443"},{"proto":6,"src":"100.64.10.1"}],
        "physicalTraffic":[{"src":"100.64.10.1:0","dst":"127.3.3.40:1"},{"src":"100.64.10.1:0","dst":"127.3.3.40:22"},{"src":"100.64.10.1:0","dst":"198.51.100.2:41641"}]}
        """);

    [Test]
    public void What_is_cut_is_cut_in_each() => AssertSame($$"""
        {"nodeId":"{{new string('n', 100)}}","start":"2026-07-27T12:00:00Z","end":"2026-07-27T12:00:05Z",
        "virtualTraffic":[{"proto":6,"src":"100.64.10.1:1","dst":"100.64.20.5:22"},{"proto":6,"src":"100.64.10.1:2","dst":"100.64.20.5:22"}]}
        """, new OtlpLimitsOptions { LogAttributeValueBytes = 64 }, cut: "…[truncated]");

    static void AssertSame(string payload, OtlpLimitsOptions? limits = null, string cut = "")
    {
        using var writer = LogsWire.Writer(limits);
        using var onWire = new FlowBench { Tailnet = "example.com", Writer = writer };
        using var oneByOne = new FlowBench { Tailnet = "example.com" };
        onWire.Process(payload);
        oneByOne.Process(payload);

        var records = writer.Count == 0 ? [] : LogsWire.Decode(writer);
        Assert.That(records.Select(r => r.Body.StringValue), Is.EqualTo(oneByOne.Logs.Records.Select(r => r.Body)));
        for (var i = 0; i < records.Count; i++)
        {
            if (cut.Length == 0)
                Assert.That(Values(records[i]), Is.EquivalentTo(oneByOne.Logs.Records[i].Attributes), $"row {i}");
            else
                Assert.That(Values(records[i]).Count(a => a.Value is string text && text.EndsWith(cut, StringComparison.Ordinal)), Is.EqualTo(1), $"row {i}");
        }
    }

    /// <summary>Fails when an attribute is there twice.</summary>
    static Dictionary<string, object?> Values(LogRecord record) => new(record.Attributes());
}
