using System.Text;
using System.Text.Json;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Ingest.Hec;

public sealed class HecEventReaderTests
{
    const string Flow = """{"nodeId":"n1","start":"2026-07-27T12:00:00Z","virtualTraffic":[{"proto":6},{"proto":17}]}""";
    const string Audit = """{"actor":{"id":"u1"},"action":"LOGIN"}""";

    [TestCase(Flow, RecordSignal.Flow)]
    [TestCase("""{"nodeId":"n","subnetTraffic":null}""", RecordSignal.Flow)]
    [TestCase("""{"nodeId":"n","exitTraffic":[]}""", RecordSignal.Flow)]
    [TestCase("""{"nodeId":"n","physicalTraffic":[]}""", RecordSignal.Flow)]
    [TestCase("""{"node\u0049d":"n","virtual\u0054raffic":[]}""", RecordSignal.Flow)]
    [TestCase("""{"nodeId":7,"nodeId":"n","start":""}""", RecordSignal.Flow)]
    [TestCase("""{"nodeId":"","virtualTraffic":[]}""", RecordSignal.StreamEvent)]
    [TestCase("""{"nodeId":7,"virtualTraffic":[]}""", RecordSignal.StreamEvent)]
    [TestCase("""{"nodeId":"n"}""", RecordSignal.StreamEvent)]
    [TestCase("""{"nodeId":["n"],"start":1}""", RecordSignal.StreamEvent)]
    [TestCase(Audit, RecordSignal.Audit)]
    [TestCase("""{"actor":null,"action":"X"}""", RecordSignal.Audit)]
    [TestCase("""{"actor":{},"action":""}""", RecordSignal.StreamEvent)]
    [TestCase("""{"actor":{},"action":{"a":1}}""", RecordSignal.StreamEvent)]
    [TestCase("""{"action":"X"}""", RecordSignal.StreamEvent)]
    [TestCase("\"text\"", RecordSignal.StreamEvent)]
    [TestCase("[1,{\"a\":[]}]", RecordSignal.StreamEvent)]
    public void A_record_is_told_by_its_shape(string record, object signal)
    {
        var found = Read($$"""{"time":1,"event":{{record}}}""");
        Assert.That(found, Is.EqualTo(new[] { ((RecordSignal)signal, record, """{"time":1}""") }));
    }

    [TestCase("{0}")]
    [TestCase("[{0}]")]
    [TestCase("[[[{0}]]]")]
    [TestCase("""{{"logs":[{0}]}}""")]
    [TestCase("""{{"version":"1.1","logs":[{0}],"tailnet":"x"}}""")]
    [TestCase("""[{{"logs":[{0}]}}]""")]
    [TestCase("""{{"event":{0}}}""")]
    [TestCase("""{{"event":[{0}]}}""")]
    [TestCase("""{{"event":{{"logs":[{0}]}}}}""")]
    [TestCase("""{{"event":{{"event":{{"event":{0}}}}}}}""")]
    [TestCase("""[{{"event":{{"event":{0}}}}}]""")]
    [TestCase("""{{"\u0065vent":{0}}}""")]
    [TestCase("""{{"event":"earlier","event":{0}}}""")]
    [TestCase("""{{"logs":[{0},{0}],"event":{0}}}""")]
    [TestCase("""{{"event":{0},"logs":[{0}]}}""")]
    [TestCase("""{{"event":{0},"logs":["a line"]}}""")]
    [TestCase("""{{"logs":["a line"],"event":{0}}}""")]
    [TestCase("""{{"logs":[{{"a":[1]}},{{"b":2}}],"event":{0}}}""")]
    [TestCase("""{{"logs":[{0},[[[[{{"event":1}}]]]],2],"event":{0}}}""")]
    [TestCase("""{{"logs":["a line"],"logs":[{0}]}}""")]
    public void A_record_is_found_in_any_wrapping(string wrapping)
    {
        foreach (var (record, signal) in new[] { (Flow, RecordSignal.Flow), (Audit, RecordSignal.Audit) })
            Assert.That(Read(string.Format(wrapping, record)), Is.EqualTo(new[] { (signal, record, "") }));
    }

    [Test]
    public void Metadata_comes_from_the_wrappers_the_inner_one_first_and_the_query_last()
    {
        var found = Read($$$"""{"host":"outer","index":"i","logs":[{"time":"1.5","event":{{{Flow}}},"host":"inner","fields":{"recorded":"r"}},{{{Audit}}}]}""");
        Assert.That(found, Is.EqualTo(new[]
        {
            (RecordSignal.Flow, Flow, """{"time":"1.5","host":"inner","index":"i","fields":{"recorded":"r"}}"""),
            (RecordSignal.Audit, Audit, """{"host":"outer","index":"i"}"""),
        }));
    }

    [Test]
    public void Nothing_is_inherited_from_one_object_to_the_next() => Assert.That(
        Read("""{"event":"a","host":"h"}{"event":"b"}""").Select(r => r.Metadata), Is.EqualTo(new[] { """{"host":"h"}""", "" }));

    [Test]
    public void The_last_of_equal_keys_counts() => Assert.That(
        Read("""{"host":"a","event":"x","host":null,"event":"y"}"""), Is.EqualTo(new[] { (RecordSignal.StreamEvent, "\"y\"", """{"host":null}""") }));

    [TestCase("""{"event":"login","user":"ada"}""")]
    [TestCase("""{"event":{"a":1}}""")]
    [TestCase("""{"logs":["one","two"]}""")]
    [TestCase("""{"logs":[]}""")]
    [TestCase($$"""[{{Flow}},"and something else"]""")]
    [TestCase($$"""{"event":[{{Flow}},{"event":null}]}""")]
    [TestCase("{\"event\":{\"event\":{\"event\":{\"event\":{\"event\":" + Flow + "}}}}}")]
    [TestCase("[]")]
    [TestCase("{}")]
    public void An_application_s_own_event_stays_whole_whatever_its_members_are_called(string text) =>
        Assert.That(Read($$"""{"event":{{text}}}"""), Is.EqualTo(new[] { (RecordSignal.StreamEvent, text, "") }));

    [TestCase("[[[[[{\"event\":1}]]]]]", HecFault.InvalidData, 0)]
    [TestCase("""{"logs":[]}""", HecFault.NoData, -1)]
    [TestCase("""[[],{"logs":[]}]""", HecFault.NoData, -1)]
    [TestCase("""{"logs":[{"event":1},{"event":""}]}""", HecFault.EventBlank, 1)]
    [TestCase("""{"logs":[{"event":1},7,{"event":2}]}""", HecFault.InvalidData, 1)]
    [TestCase("""{"logs":[{"event":1},7],"host":"h"}{"event":1}""", HecFault.InvalidData, 1)]
    [TestCase("""{"logs":[{"event":1},7],"event":""}""", HecFault.EventBlank, 0)]
    [TestCase("""{"logs":[7,],"event":1}""", HecFault.InvalidData, 0)]
    [TestCase("""{"event":1}[{"event":2},{"a":3}]""", HecFault.EventRequired, 2)]
    [TestCase("""{"event":1,"fields":{"a":[{"b":1}]}}""", HecFault.IndexedFields, 0)]
    [TestCase("""{"event":1,"fields":"a"}""", HecFault.IndexedFields, 0)]
    [TestCase("""{"event":1,}""", HecFault.InvalidData, 0)]
    [TestCase("""{"event":1}{"event":1 /* no */}""", HecFault.InvalidData, 1)]
    [TestCase("""{"event":NaN}""", HecFault.InvalidData, 0)]
    [TestCase("""{"event":"\x"}""", HecFault.InvalidData, 0)]
    [TestCase("""{"event":01}""", HecFault.InvalidData, 0)]
    [TestCase("""{"\ud800":1}""", HecFault.EventRequired, 0)]
    public void A_fault_names_the_event(string body, object fault, int number) =>
        Assert.That(Fault(body), Is.EqualTo(new HecReadResult((HecFault)fault, number)));

    [Test]
    public void A_good_event_before_a_bad_one_is_not_kept()
    {
        using var found = new HecRecords();
        Assert.That(HecEventReader.Read("{\"event\":1}{"u8, Limits(), found).IsSound, Is.False);
        Assert.That(found.Count, Is.Zero);
    }

    [TestCase(3, 4, HecFault.None)]
    [TestCase(3, 3, HecFault.TooManyConnections)]
    [TestCase(1, 4, HecFault.TooManyRecords)]
    public void Records_and_connections_are_bounded(int records, int connections, object fault) =>
        Assert.That(Fault(Flow + Flow, new HecLimits(1000, records, connections, 64)).Fault, Is.EqualTo(fault));

    [TestCase(1, 2)]
    [TestCase(5, 2)]
    [TestCase(1, 4)]
    public void What_stands_beside_an_event_is_in_no_limit(int records, int connections) => Assert.That(
        Fault($$"""{"logs":[{{Flow}},{{Flow}}],"event":{{Flow}}}""", new HecLimits(1000, records, connections, 64)).Fault, Is.EqualTo(HecFault.None));

    [TestCase("""{"logs":[]}""")]
    [TestCase("""[{"logs":[{"logs":[]},[]],"host":"h"}]""")]
    public void A_wrapper_that_holds_nothing_leaves_nothing(string empty)
    {
        using var found = new HecRecords();
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(empty, 1000)) + """{"event":1}""");
        Assert.That(HecEventReader.Read(body, Limits(), found).IsSound, Is.True);
        Assert.That((found.Count, found.Envelopes.Length), Is.EqualTo((1, 1)));
    }

    [Test]
    public void Nesting_is_bounded_exactly()
    {
        var body = "{\"event\":" + new string('[', 9) + new string(']', 9) + "}";
        Assert.That(Fault(body, new HecLimits(1000, 10, 10, 10)).Fault, Is.EqualTo(HecFault.None));
        Assert.That(Fault(body, new HecLimits(1000, 10, 10, 9)).Fault, Is.EqualTo(HecFault.InvalidData));
    }

    [Test]
    public void A_wrapper_s_metadata_cannot_be_multiplied_without_bound()
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"host":"{{{new string('h', 500)}}}","logs":[{{{string.Join(',', Enumerable.Repeat(Flow, 10))}}}]}""");
        using var found = new HecRecords();
        Assert.That(HecEventReader.Read(body, Limits(), found).IsSound, Is.True);
        Assert.That(HecReading.TryAppend(body, found, new HecLimits(4000, 100, 100, 64), out _), Is.False);
        Assert.That(HecReading.TryAppend(body, found, new HecLimits(6000, 100, 100, 64), out var records), Is.True);
        Assert.That(records, Has.Count.EqualTo(10));
    }

    [TestCase("flow-hec-concatenated.json", "flow-hec-ndjson.json", RecordSignal.Flow, 4)]
    [TestCase("audit-hec.json", null, RecordSignal.Audit, 10)]
    public void The_captured_forms_give_the_same_records_however_they_are_framed(string name, string? lines, object signal, int count)
    {
        var concatenated = File.ReadAllText(Fixture(name));
        var records = Read(concatenated);
        Assert.That(records.Select(r => r.Signal), Is.EqualTo(Enumerable.Repeat((RecordSignal)signal, count)));
        Assert.That(records.Select(r => r.Metadata), Has.All.Contains("\"fields\":{\"recorded\":"));
        Assert.That(records.Select(r => r.Text), Is.EqualTo(Documents(concatenated).Select(d => d.GetProperty("event").GetRawText())));

        var wrappers = Documents(concatenated).Select(d => d.GetRawText()).ToArray();
        string[] framings = [string.Join("\n", wrappers), $"[{string.Join(",", wrappers)}]", $$"""{"logs":[{{string.Join(",", wrappers)}}]}"""];
        foreach (var body in lines is null ? framings : framings.Append(File.ReadAllText(Fixture(lines))))
            Assert.That(Read(body), Is.EqualTo(records));

        var bare = records.Select(r => (r.Signal, r.Text, Metadata: "")).ToArray();
        foreach (var body in new[] { string.Concat(bare.Select(r => r.Text)), string.Join("\n", bare.Select(r => r.Text)), $$"""{"logs":[{{string.Join(",", bare.Select(r => r.Text))}}]}""" })
            Assert.That(Read(body), Is.EqualTo(bare));
    }

    static HecLimits Limits() => HecLimits.From(new HecOptions());

    static string Fixture(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", name);

    static List<JsonElement> Documents(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var json = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
        List<JsonElement> documents = [];
        while (json.Read())
            documents.Add(JsonElement.ParseValue(ref json));
        return documents;
    }

    static HecReadResult Fault(string body, HecLimits? limits = null)
    {
        using var found = new HecRecords();
        return HecEventReader.Read(Encoding.UTF8.GetBytes(body), limits ?? Limits(), found);
    }

    static (RecordSignal Signal, string Text, string Metadata)[] Read(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var found = new HecRecords();
        Assert.That(HecEventReader.Read(bytes, Limits(), found), Is.EqualTo(new HecReadResult(HecFault.None)));
        Assert.That(HecReading.TryAppend(bytes, found, Limits(), out var records), Is.True);
        return [.. records.Select(r => (r.Signal, r.Text, r.MetadataText))];
    }
}
