using System.Text;
using OpenTelemetry.Proto.Common.V1;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;
using static Tailscale2Otel.Tests.Export.Otlp.Wire.LogsWire;

namespace Tailscale2Otel.Tests.Export.Otlp.Wire;

sealed partial class LogsWriterTests
{
    [TestCase("1", 1L)]
    [TestCase("-9223372036854775808", long.MinValue)]
    [TestCase("9223372036854775807", long.MaxValue)]
    [TestCase("9223372036854775808", "9223372036854775808")]
    [TestCase("18446744073709551615", "18446744073709551615")]
    [TestCase("1.5", 1.5)]
    [TestCase("1e3", 1000.0)]
    [TestCase("1e400", "1e400")]
    [TestCase("true", true)]
    [TestCase("false", false)]
    [TestCase("\"text\"", "text")]
    [TestCase("\"a\\u00e4\\n\\\"\\\\\\/\\b\\f\\r\\t\"", "aä\n\"\\/\b\f\r\t")]
    [TestCase("\"\\ud83d\\ude00\"", "😀")]
    [TestCase("\"\\ud83d x\"", "\uFFFD x")]
    [TestCase("\"\\ude00\"", "\uFFFD")]
    [TestCase("  7 ", 7L)]
    public void Maps_a_single_value(string json, object expected)
    {
        var record = One(w =>
        {
            w.JsonBody(Utf8(json));
            w.AddJson("key"u8, Utf8(json));
        });

        Assert.Multiple(() =>
        {
            Assert.That(OtlpValues.Plain(record.Body), Is.EqualTo(expected));
            Assert.That(record.Attributes()["key"], Is.EqualTo(expected));
        });
    }

    [TestCase("null")]
    [TestCase("\"\"")]
    [TestCase("")]
    public void Leaves_out_what_says_nothing(string json)
    {
        var record = One(w =>
        {
            w.JsonBody(Utf8(json));
            w.AddJson("key"u8, Utf8(json));
            w.AddJson(""u8, "1"u8);
        });

        Assert.That((record.Body, record.Attributes.Count), Is.EqualTo(((AnyValue?)null, 0)));
    }

    [Test]
    public void Keeps_the_structure_of_objects_and_arrays()
    {
        var record = One(w => w.JsonBody("""{"a":{"b":[1,[],{},"",null,{"c\u0041":true}]},"d":2.5,"e":[[3],[4,5]]}"""u8));

        var list = record.Body.KvlistValue.Values;
        var inner = list[0].Value.KvlistValue.Values.Single();
        var items = inner.Value.ArrayValue.Values;
        Assert.Multiple(() =>
        {
            Assert.That(list.Select(p => p.Key), Is.EqualTo(new[] { "a", "d", "e" }));
            Assert.That(inner.Key, Is.EqualTo("b"));
            Assert.That(items.Select(i => i.ValueCase), Is.EqualTo(new[]
            {
                AnyValue.ValueOneofCase.IntValue, AnyValue.ValueOneofCase.ArrayValue, AnyValue.ValueOneofCase.KvlistValue,
                AnyValue.ValueOneofCase.StringValue, AnyValue.ValueOneofCase.None, AnyValue.ValueOneofCase.KvlistValue,
            }));
            Assert.That(items[5].KvlistValue.Values.Single().Key, Is.EqualTo("cA"));
            Assert.That(OtlpValues.Plain(list[2].Value), Is.EqualTo(new List<object> { new List<object> { 3L }, new List<object> { 4L, 5L } }));
        });
    }

    [TestCase(30, false)]
    [TestCase(31, true)]
    [TestCase(64, true)]
    public void Turns_what_decoders_would_find_too_deep_into_text(int depth, bool isText)
    {
        var json = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        var record = One(w => w.AddJson("k"u8, Utf8(json)));

        Assert.That(record.Attributes[0].Value.ValueCase, Is.EqualTo(isText ? AnyValue.ValueOneofCase.StringValue : AnyValue.ValueOneofCase.KvlistValue));
    }

    [Test]
    public void Turns_what_is_too_long_into_cut_text()
    {
        var json = "[" + string.Join(',', Enumerable.Repeat("1234", 100)) + "]";
        var record = One(w => w.AddJson("k"u8, Utf8(json)), new OtlpLimitsOptions { LogAttributeValueBytes = 64 });

        var text = (string)record.Attributes()["k"]!;
        Assert.That(text, Does.StartWith("[1234,").And.EndsWith("…[truncated]"));
        Assert.That(Encoding.UTF8.GetByteCount(text), Is.EqualTo(64));
    }

    [TestCase("{\"a\":")]
    [TestCase("[1,2")]
    [TestCase("{} {}")]
    [TestCase("tru")]
    [TestCase("1 2")]
    public void Turns_broken_JSON_into_text(string json)
    {
        var record = One(w => w.JsonBody(Utf8(json)));

        Assert.That(record.Body?.StringValue, Is.EqualTo(json));
    }

    [Test]
    public void Keeps_the_first_of_two_attributes_with_one_name()
    {
        var record = One(w =>
        {
            w.Body("b"u8);
            w.Add(LogAttributes.HostName, "ours"u8);
            w.Add(new Utf8Name(new string('n', 200)), "ours"u8);
            w.AddJson("host.name"u8, "\"theirs\""u8);
            w.AddJson(Utf8(new string('n', 200)), "1"u8);
            w.AddJson("host.name2"u8, "2"u8);
            w.AddJson("host.name2"u8, "3"u8);
        });

        Assert.That(record.Attributes.Select(a => (a.Key.Length, OtlpValues.Plain(a.Value))), Is.EqualTo(new (int, object?)[] { (9, "ours"), (200, "ours"), (10, 2L) }));
    }

    [Test]
    public void Names_that_become_equal_when_they_are_repaired_are_one()
    {
        var record = One(w =>
        {
            w.AddJson([(byte)'k', 0xFF], "1"u8);
            w.AddJson("k\uFFFD"u8, "2"u8);
            w.AddJson("k"u8, "3"u8);
        });

        Assert.That(record.Attributes.Select(a => (a.Key, a.Value.IntValue)), Is.EqualTo(new[] { ("k\uFFFD", 1L), ("k", 3L) }));
    }

    [Test]
    public void Each_of_very_many_names_is_there_once()
    {
        // With a search through all of them for each, this would take longer than anybody waits.
        const int names = 100_000;
        var record = One(w =>
        {
            for (var round = 0; round < 2; round++)
            {
                for (var i = 0; i < names; i++)
                    w.AddJson(Utf8($"name-{i}"), Utf8($"{round}"));
            }
        });

        Assert.That(record.Attributes.Select(a => a.Key).Distinct().Count(), Is.EqualTo(names));
        Assert.That(record.Attributes.Select(a => a.Value.IntValue), Is.All.Zero.And.Exactly(names).Items);
    }

    [Test]
    public void Repairs_names_and_values_that_are_not_UTF8()
    {
        byte[] json = [.. "{\""u8, 0xFF, .. "\":\""u8, 0xC3, .. "\"}"u8];
        var record = One(w =>
        {
            w.JsonBody(json);
            w.AddJson([0xFE, (byte)'k'], "1"u8);
        });

        var pair = record.Body.KvlistValue.Values.Single();
        Assert.That((pair.Key, pair.Value.StringValue, record.Attributes[0].Key), Is.EqualTo(("\uFFFD", "\uFFFD", "\uFFFDk")));
    }
}
