using System.Diagnostics.Metrics;
using System.Text;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Otlp.Wire;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;
using static Tailscale2Otel.Tests.Export.Otlp.Wire.LogsWire;

namespace Tailscale2Otel.Tests.Export.Otlp.Wire;

sealed partial class LogsWriterTests
{
    static readonly Utf8Name Key = new("test.key");

    [Test]
    public void Writes_every_part_of_a_record()
    {
        var record = One(w =>
        {
            w.Body("hello"u8);
            w.Add(Key, "text"u8);
            w.Add(new Utf8Name("int"), -5L);
            w.Add(new Utf8Name("large"), long.MaxValue);
            w.Add(new Utf8Name("double"), 1.5);
            w.Add(new Utf8Name("bool"), true);
            w.Add(new Utf8Name("empty"), ""u8);
        });

        Assert.Multiple(() =>
        {
            Assert.That(record.TimeUnixNano, Is.EqualTo(1_785_153_600_000_000_000UL));
            Assert.That(record.ObservedTimeUnixNano, Is.EqualTo(1_785_153_601_000_000_000UL));
            Assert.That(record.SeverityNumber, Is.EqualTo(9));
            Assert.That(record.SeverityText, Is.EqualTo("INFO"));
            Assert.That(record.EventName, Is.EqualTo("tailscale.test"));
            Assert.That(record.Body.StringValue, Is.EqualTo("hello"));
            Assert.That(record.Attributes(), Is.EqualTo(new Dictionary<string, object?>
            {
                ["test.key"] = "text",
                ["int"] = -5L,
                ["large"] = long.MaxValue,
                ["double"] = 1.5,
                ["bool"] = true,
            }));
        });
    }

    [TestCase(9, "INFO")]
    [TestCase(13, "WARN")]
    [TestCase(17, "ERROR")]
    public void Names_the_severity(int severity, string text)
    {
        using var writer = Writer();
        writer.Begin(Header with { Severity = (LogSeverity)severity, Time = 0, ObservedTime = 0 });
        writer.End();

        var record = Decode(writer).Single();
        Assert.Multiple(() =>
        {
            Assert.That((record.SeverityNumber, record.SeverityText), Is.EqualTo((severity, text)));
            Assert.That((record.TimeUnixNano, record.ObservedTimeUnixNano), Is.EqualTo((0UL, 0UL)));
            Assert.That(record.Body, Is.Null);
        });
    }

    [Test]
    public void Sends_any_run_of_records_under_the_same_resource_and_scope()
    {
        using var writer = Writer();
        for (var i = 0; i < 5000; i++)
        {
            writer.Begin(Header with { Position = new SpoolPosition(i * 10) });
            writer.Add(Key, (long)i);
            writer.End();
        }

        var request = Request(writer, 1234, 3);
        var scope = request.ResourceLogs.Single().ScopeLogs.Single();
        Assert.Multiple(() =>
        {
            Assert.That(writer.Count, Is.EqualTo(5000));
            Assert.That(writer.Position(4321), Is.EqualTo(new SpoolPosition(43_210)));
            Assert.That(scope.LogRecords.Select(r => r.Attributes[0].Value.IntValue), Is.EqualTo(new[] { 1234, 1235, 1236 }));
            Assert.That((scope.Scope.Name, scope.Scope.Version), Is.EqualTo(("tailscale2otel", "1.2.3")));
            Assert.That(
                OtlpValues.ToText(request.ResourceLogs[0].Resource.Attributes),
                Is.EqualTo(new Dictionary<string, string> { ["service.name"] = "t", ["process.pid"] = "42" }));
            Assert.That(Decode(writer).Count, Is.EqualTo(5000));
            Assert.That(Request(writer, 0, 0).ResourceLogs.Single().ScopeLogs.Single().LogRecords, Is.Empty);
        });
    }

    [TestCase(64)]
    [TestCase(100)]
    [TestCase(4096)]
    public void Cuts_a_long_attribute_and_says_so(int limit)
    {
        var limits = new OtlpLimitsOptions { LogAttributeValueBytes = limit };
        var record = One(w => w.Add(Key, Utf8(new string('x', limit + 1))), limits);
        var whole = One(w => w.Add(Key, Utf8(new string('x', limit))), limits);

        var text = record.Attributes[0].Value.StringValue;
        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetByteCount(text), Is.EqualTo(limit));
            Assert.That(text, Does.EndWith("x…[truncated]"));
            Assert.That(whole.Attributes[0].Value.StringValue, Is.EqualTo(new string('x', limit)));
        });
    }

    [Test]
    public void Cuts_between_characters([Values(64, 65, 66, 67)] int limit, [Values("ä", "€", "😀")] string character)
    {
        var record = One(w => w.Body(Utf8(string.Concat(Enumerable.Repeat(character, 100)))), new OtlpLimitsOptions { LogBodyBytes = limit });

        var text = record.Body.StringValue;
        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetByteCount(text), Is.InRange(limit - 3, limit));
            Assert.That(text, Does.EndWith("…[truncated]"));
            Assert.That(text.Replace(character, "", StringComparison.Ordinal), Is.EqualTo("…[truncated]"));
        });
    }

    [Test]
    public void Repairs_invalid_text_and_keeps_it_under_the_limit()
    {
        byte[] broken = [.. "a"u8, 0xFF, .. "b"u8, 0xE2, 0x82, .. "c"u8, 0xED, 0xA0, 0x80];
        var record = One(w =>
        {
            w.Body(broken);
            w.Add(Key, Enumerable.Repeat((byte)0xFF, 60).ToArray());
        }, new OtlpLimitsOptions { LogAttributeValueBytes = 64 });

        Assert.Multiple(() =>
        {
            Assert.That(record.Body.StringValue, Is.EqualTo(Encoding.UTF8.GetString(broken)));
            Assert.That(Encoding.UTF8.GetByteCount(record.Attributes[0].Value.StringValue), Is.LessThanOrEqualTo(64));
            Assert.That(record.Attributes[0].Value.StringValue, Does.Match("^\uFFFD+…\\[truncated\\]$"));
        });
    }

    [Test]
    public void Counts_what_it_cut()
    {
        using var meter = new Meter("truncation");
        var counted = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter == meter)
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counted[$"{instrument.Name} {tags[0].Value}"] = value);
        listener.Start();
        using var writer = new LogsWriter(new OtlpLimitsOptions { LogBodyBytes = 64, LogAttributeValueBytes = 64 }, new ExportMetrics(meter), 64);

        writer.Begin(Header);
        writer.Body(Utf8(new string('b', 100)));
        writer.Add(Key, Utf8(new string('a', 65)));
        writer.End();

        Assert.That(counted, Is.EquivalentTo(new Dictionary<string, long>
        {
            ["tailscale2otel.log.record.truncated body"] = 1,
            ["tailscale2otel.log.truncated.bytes body"] = 50,
            ["tailscale2otel.log.record.truncated attribute"] = 1,
            ["tailscale2otel.log.truncated.bytes attribute"] = 15,
        }));
    }

    [Test]
    public void Repeats_a_part_in_this_and_in_later_records()
    {
        using var writer = Writer();
        writer.Begin(Header);
        writer.Add(Key, "alone"u8);
        var start = writer.Mark();
        writer.Add(new Utf8Name("text"), "again"u8);
        writer.Add(new Utf8Name("number"), 300L);
        var part = new LogPart(start, writer.Mark());
        writer.End();
        for (var i = 0; i < 100; i++)
        {
            writer.Begin(Header);
            Assert.That(writer.TryRepeat(part), Is.True);
            writer.Add(Key, (long)i);
            writer.End();
        }

        var records = Decode(writer);
        Assert.That(records, Has.Count.EqualTo(101));
        for (var i = 0; i < 100; i++)
            Assert.That(records[i + 1].Attributes(), Is.EqualTo(new Dictionary<string, object?> { ["text"] = "again", ["number"] = 300L, ["test.key"] = (long)i }));
    }

    [Test]
    public void Takes_back_records_and_what_was_begun([Values] bool isBegun, [Values(0, 1, 3)] int kept)
    {
        using var writer = Writer(new OtlpLimitsOptions { LogBodyBytes = 64 });
        for (var i = 0; i < 3; i++)
            Write(i);
        var whole = kept == 0 ? [] : writer.Records(0, kept).ToArray();
        if (isBegun)
        {
            writer.Begin(Header);
            writer.Body(Utf8(new string('x', 1000)));
        }

        writer.CutBack(kept);
        Assert.That((writer.Count, writer.Bytes), Is.EqualTo((kept, (long)whole.Length)));
        writer.Begin(Header);
        var start = writer.Mark();
        writer.Add(Key, "again"u8);
        Assert.That(writer.TryRepeat(new LogPart(start, writer.Mark())), Is.True, "what was cut is gone");
        writer.End();
        Assert.That(Decode(writer).Take(kept).Select(r => r.Attributes()["test.key"]), Is.EqualTo(Enumerable.Range(0, kept).Select(i => (object)(long)i)));

        void Write(int i)
        {
            writer.Begin(Header);
            writer.Add(Key, (long)i);
            writer.End();
        }
    }

    [Test]
    public void Does_not_repeat_nothing_and_nothing_that_was_cut()
    {
        using var writer = Writer(new OtlpLimitsOptions { LogAttributeValueBytes = 64 });
        writer.Begin(Header);
        var start = writer.Mark();
        Assert.That(writer.TryRepeat(new LogPart(start, start)), Is.False);
        writer.Add(Key, Utf8(new string('x', 65)));

        Assert.That(writer.TryRepeat(new LogPart(start, writer.Mark())), Is.False, "each cut is counted");
    }

    [Test]
    public void Takes_a_huge_value()
    {
        var text = new string('h', 20_000_000);
        var record = One(w => w.Body(Utf8(text)), new OtlpLimitsOptions { LogBodyBytes = 1 << 24 });

        // The marker's ellipsis takes three bytes.
        Assert.That(record.Body.StringValue, Has.Length.EqualTo((1 << 24) - 2).And.EndsWith("h…[truncated]"));
    }

    [Test]
    public void Allocates_nothing_for_a_record()
    {
        using var writer = new LogsWriter(new OtlpLimitsOptions(), new ExportMetrics(new Meter("test")), 4 << 20);
        Write(writer, 500);

        Assert.That(Allocations.Least(() => Write(writer, 500)), Is.Zero);
    }

    [Test]
    public void Returns_its_memory_once()
    {
        var writer = Writer();
        Write(writer, 10);
        writer.Dispose();

        Assert.That(writer.Dispose, Throws.Nothing);
        Assert.That(writer.Count, Is.Zero);
    }

    static void Write(LogsWriter writer, int records)
    {
        for (var i = 0; i < records; i++)
        {
            writer.Begin(Header);
            writer.Body("a body"u8);
            writer.Add(Key, "short"u8);
            writer.Add(Key, "a value that is long enough to need the general way of writing it, because its pair has more than 127 bytes"u8);
            writer.Add(Key, "ünïcödé"u8);
            writer.Add(Key, 12345L);
            writer.Add(Key, 0.5);
            writer.Add(Key, false);
            writer.JsonBody("""{"a":[1,"x",{"b":null}]}"""u8);
            writer.AddJson("k"u8, "\"escaped \\n\""u8);
            writer.End();
        }
    }
}
