using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Ingest.Hec;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <summary>The scanner is an optimisation: with and without it the same bodies are taken, with the same records, and refused with the same fault.</summary>
sealed class FlatEventScannerTests
{
    const string Node = """{"nodeId":"n2","name":"db-1.example.ts.net","addresses":["100.64.0.2","fd7a:115c:a1e0::2"],"os":"linux"}""";
    const string Rows = """{"proto":6,"src":"100.64.0.1:443","dst":"100.64.0.2:5432","txPkts":12,"txBytes":0},{"src":"100.64.0.1:1"}""";
    const string Window = "\"nodeId\":\"n1\",\"start\":\"2026-07-27T12:00:00.1Z\",\"end\":\"2026-07-27T12:00:05Z\"";
    const string Fields = "\"fields\":{\"recorded\":\"2026-07-27T12:00:07.551200917Z\"}";

    /// <summary>Long enough behind an event for a block of any kind.</summary>
    static readonly string Behind = new(' ', 64);

    static readonly HecLimits Limits = new(1_000_000, 8, 12, 5);

    [TestCase($$$"""{"time":1785153607.551,"event":{{{{Window}}},"virtualTraffic":[{{{Rows}}}]},{{{Fields}}}}""", 2)]
    [TestCase($$$"""{"time":0,"event":{{{{Window}}},"srcNode":{{{Node}}},"dstNodes":[{{{Node}}},{{{Node}}}],"exitTraffic":[{{{Rows}}}],"physicalTraffic":[]},{{{Fields}}}}""", 2)]
    [TestCase($$$"""{"time":12.50,"event":{{{{Window}}}},{{{Fields}}}}""", 0)]
    public void Reads_what_Tailscale_writes(string body, int connections)
    {
        var scanner = new FlatEventScanner(Encoding.UTF8.GetBytes(body + Behind), 0);
        Assert.That(scanner.TryRead(100), Is.True);
        Assert.That(scanner.Position, Is.EqualTo(body.Length));
        Assert.That(scanner.Connections, Is.EqualTo(connections));
    }

    [TestCase("", "")]
    [TestCase(Window, "\"nodeId\":\"\",\"start\":\"\",\"end\":\"\"")]
    [TestCase("n1", "n\\u0031")]
    [TestCase("n1", "n\t")]
    [TestCase("1785153607.551", "01")]
    [TestCase("1785153607.551", "1.")]
    [TestCase("1785153607.551", "-1")]
    [TestCase("1785153607.551", "\"1\"")]
    [TestCase("\"event\":", "\"event\": ")]
    [TestCase("\"addresses\":[\"100.64.0.2\",\"fd7a:115c:a1e0::2\"]", "\"addresses\":[]")]
    [TestCase(Node, "{}")]
    [TestCase("\"virtualTraffic\"", "\"otherTraffic\"")]
    [TestCase("\"proto\":6", "\"proto\":[6]")]
    [TestCase(Fields, "\"fields\":{}")]
    [TestCase(Fields, "\"fields\":{\"recorded\":\"\",\"a\":{}}")]
    public void Leaves_any_other_form_to_the_reader(string part, string other)
    {
        var body = $$$"""{"time":1785153607.551,"event":{{{{Window}}},"srcNode":{{{Node}}},"virtualTraffic":[{{{Rows}}}]},{{{Fields}}}}""";
        body = part.Length == 0 ? body[1..] : body.Replace(part, other, StringComparison.Ordinal);
        Assert.That(new FlatEventScanner(Encoding.UTF8.GetBytes(body + Behind), 0).TryRead(100), Is.False);
    }

    [Test]
    public void Leaves_an_event_with_too_many_connections_to_the_reader() => Assert.That(
        new FlatEventScanner(Encoding.UTF8.GetBytes($$$"""{"time":1,"event":{{{{Window}}},"virtualTraffic":[{{{Rows}}}]},{{{Fields}}}}""" + Behind), 0).TryRead(1), Is.False);

    [Test]
    public void Makes_no_difference_to_what_is_read()
    {
        var text = Gen.Elements("n1", "", "é", "a\\\"b", "2026-07-27T12:00:00Z", new string('x', 40));
        var @event =
            from time in Gen.Elements("1785153607.551", "0", "1e3", "01", "\"1\"")
            from node in text
            from nodes in Gen.Elements("", $",\"srcNode\":{Node}", $",\"dstNodes\":[{Node},{Node}]", ",\"dstNodes\":[]", ",\"srcNode\":{\"a\":{}}")
            from kind in Gen.Elements("virtualTraffic", "physicalTraffic", "start", "event", "logs", "fields")
            from rows in Gen.Elements("", Rows, $"{Rows},{Rows}", "{\"proto\":\"tcp\"}", "null", "{}")
            from fields in Gen.Elements(Fields, Fields, "\"fields\":{}", "\"fields\":[{}]", "\"host\":\"h\"")
            let sound = $$$"""{"time":{{{time}}},"event":{"nodeId":"{{{node}}}","start":"s","end":"e"{{{nodes}}},"{{{kind}}}":[{{{rows}}}]},{{{fields}}}}"""
            from at in Gen.Choose(0, sound.Length - 1)
            from b in Gen.Frequency((6, Gen.Constant('\0')), (1, Gen.Elements("{}[]\",: 0-.eE\n\\x\t".ToCharArray())))
            select b == '\0' ? sound : sound[..at] + b + sound[(at + 1)..];
        var plain = Gen.Constant($$$"""{"time":1785153607.551,"event":{{{{Window}}},"virtualTraffic":[{{{Rows}}}]},{{{Fields}}}}""");
        var bodies = Gen.Frequency((3, plain), (1, @event)).ListOf();

        Prop.ForAll(bodies.ToArbitrary(), events => Read(string.Concat(events)) == Read(string.Concat(events.Select(Spaced))) && Read(string.Join('\n', events)) == Read(string.Concat(events.Select(Spaced))))
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    /// <summary>The same JSON in a form that is not the scanner's.</summary>
    static string Spaced(string @event) => @event.StartsWith('{') ? "{ " + @event[1..] : @event;

    /// <summary>Everything that the reader says about a body but its white space.</summary>
    static string Read(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var found = new HecRecords();
        var result = HecEventReader.Read(bytes, Limits, found);
        var said = new StringBuilder($"{result.Fault} {result.EventNumber} {(result.IsSound ? found.Connections : 0)}");
        foreach (ref readonly var record in found.Items)
        {
            said.Append(' ').Append(record.Signal).Append(Encoding.UTF8.GetString(bytes, record.Start, record.Length));
            if (record.Envelope < 0)
                continue;
            foreach (var range in found.Envelopes[record.Envelope].Values)
                said.Append(' ').Append(Encoding.UTF8.GetString(range.Of(bytes)));
        }

        return said.Replace(" ", "").ToString();
    }
}
