using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <summary>Whatever comes: no exception, nothing of a refused body, and of an accepted one only whole JSON values.</summary>
public sealed class HecEventReaderPropertyTests
{
    static readonly HecLimits Limits = new(1_000_000, 50, 50, 16);

    static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", " ", "\n", "\"", "\\", "\"event\":", "\"logs\":", "\"fields\":", "\"time\":", "\"host\":", "\"nodeId\":",
        "\"virtualTraffic\":", "\"start\":", "\"actor\":", "\"action\":", "\"\\u0065vent\":", "\"\\ud800\":", "\"x\"", "\"\"", "1", "-1e9", "null", "true",
        "{\"event\":\"a\"}", "{\"nodeId\":\"n\",\"start\":1}", "{\"actor\":1,\"action\":\"a\"}", "[{}]", "é", "\0",
    ];

    static Gen<byte[]> Soup => Gen.Elements(Pieces).ListOf().Select(p => Encoding.UTF8.GetBytes(string.Concat(p)));

    /// <summary>Sound values nested in each other at random, so that most bodies are accepted.</summary>
    static Gen<string> Value(int depth) => depth == 0
        ? Gen.Elements("1", "null", "\"\"", "\"x\"", "{\"nodeId\":\"n\",\"start\":1}", "{\"actor\":1,\"action\":\"a\"}", "{}")
        : Gen.OneOf(
            Value(0),
            Gen.ListOf(Value(depth - 1)).Select(v => $"[{string.Join(",", v.Take(4))}]"),
            Gen.ListOf(Gen.Zip(Gen.Elements("event", "event", "logs", "fields", "host", "nodeId", "start", "other"), Value(depth - 1)))
                .Select(m => $"{{{string.Join(",", m.Take(5).Select(p => $"\"{p.Item1}\":{p.Item2}"))}}}"));

    static Gen<byte[]> Sound =>
        Gen.OneOf(Value(4), Value(4).Select(v => $"{{\"event\":{v}}}"), Value(3).Select(v => $"{{\"event\":{v},\"host\":\"h\"}}"))
            .ListOf().Select(v => Encoding.UTF8.GetBytes(string.Concat(v.Take(3))));

    /// <summary>A sound body with a few bytes changed.</summary>
    static Gen<byte[]> Damaged => Gen.Zip(Sound, Gen.ListOf(Gen.Zip(Gen.Choose(0, 4000), Gen.Choose(0, 255)))).Select(d =>
    {
        foreach (var (at, value) in d.Item2.Take(3))
        {
            if (d.Item1.Length > 0)
                d.Item1[at % d.Item1.Length] = (byte)value;
        }

        return d.Item1;
    });

    static IEnumerable<Gen<byte[]>> Bodies => [Soup, Sound, Damaged];

    [Test]
    public void Any_body_is_refused_whole_or_taken_in_whole_values([Range(0, 2)] int kind) =>
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true), Prop.ForAll(Bodies.ElementAt(kind).ToArbitrary(), IsSane));

    [Test]
    public void Sound_bodies_are_often_accepted()
    {
        // Else the property above would say little.
        var bodies = Sound.Sample(500, 20).ToArray();
        Assert.That(bodies.Count(b => Read(b, out _).IsSound), Is.GreaterThan(bodies.Length / 20));
    }

    static bool IsSane(byte[] body)
    {
        var result = Read(body, out var records);
        if (!result.IsSound)
            return records.Length == 0;
        if (records.Length is 0 or > 50)
            return false;

        foreach (var record in records)
        {
            // Bytes that are not UTF-8 are replaced before the reader sees them; here they only must not break the framing.
            var text = Encoding.UTF8.GetString(body, record.Start, record.Length);
            using var value = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            if (record.Signal != RecordSignal.StreamEvent && value.RootElement.ValueKind != JsonValueKind.Object)
                return false;
        }

        return true;
    }

    static HecReadResult Read(byte[] body, out HecRecord[] records)
    {
        using var found = new HecRecords();
        var result = HecEventReader.Read(body, Limits, found);
        records = found.Items.ToArray();
        return result;
    }
}
