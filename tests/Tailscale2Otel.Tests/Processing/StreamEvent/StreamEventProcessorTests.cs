using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.StreamEvent;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.StreamEvent;

public sealed class StreamEventProcessorTests
{
    const long ReceivedAt = 1_785_153_700_000_000_000;

    MeterReadings _readings;
    CollectingLogWriter _logs;
    UnreadableTimeMetric _unreadable;

    [SetUp]
    public void SetUp()
    {
        _readings = new MeterReadings();
        _logs = new CollectingLogWriter();
        _unreadable = new UnreadableTimeMetric(_readings.Meter);
    }

    [TearDown]
    public void TearDown() => _readings.Dispose();

    [Test]
    public void An_event_keeps_all_that_its_envelope_says()
    {
        var record = Process(
            """{"msg":"hello","n":1}""",
            """{"time":1785153607.551,"host":"web-1","source":"app","sourcetype":"_json","index":"main","fields":{"env":"prod","n":18446744073709551615,"list":["a"],"none":null}}""");

        Assert.That(record.Header, Is.EqualTo(new LogHeader(new SpoolPosition(7), LogAttributes.StreamEvent, LogSeverity.Info, 1_785_153_607_551_000_000, ReceivedAt)));
        Assert.That(record.Body, Is.EqualTo("""{"msg":"hello","n":1}"""));
        Assert.That(record.Attributes.Remove("log.record.uid"), Is.True);
        Assert.That(record.Attributes.Select(a => $"{a.Key}={a.Value}"), Is.EqualTo(new[]
        {
            "com.splunk.index=main",
            "com.splunk.source=app",
            "com.splunk.sourcetype=_json",
            "env=\"prod\"",
            "host.name=web-1",
            "list=[\"a\"]",
            "n=18446744073709551615",
            "tailscale.tailnet=example.com",
            "tailscale2otel.provider=tailscale",
            "tailscale2otel.source=stream",
        }));
    }

    [TestCase("\"hello\"", "hello")]
    [TestCase(@" ""h\u00e9\""llo"" ", "hé\"llo")]
    [TestCase("17", "17")]
    [TestCase("true", "true")]
    [TestCase("[1,2]", "[1,2]")]
    [TestCase("null", "null")]
    public void The_body_is_the_event(string payload, string body) => Assert.That(Process(payload, "").Body, Is.EqualTo(body));

    [TestCase(64)]
    [TestCase(65)]
    [TestCase(511)]
    public void An_event_may_be_nested_as_deep_as_the_receiver_can_allow(int depth)
    {
        var payload = new string('[', depth) + new string(']', depth);
        Assert.That(Process(payload, "").Body, Is.EqualTo(payload));
    }

    [Test]
    public void A_raw_line_is_text_whatever_it_looks_like() =>
        Assert.That(Process("""{"not": json""", """{"sourcetype":"syslog"}""", RecordSignal.RawLine).Body, Is.EqualTo("""{"not": json"""));

    [Test]
    public void A_time_that_is_none_gives_the_receive_time_and_a_count()
    {
        Assert.That(Process("1", """{"time":"soon"}""").Header.Time, Is.EqualTo(ReceivedAt));
        Assert.That(Process("1", """{"host":"h"}""").Header.Time, Is.EqualTo(ReceivedAt));
        _unreadable.Freeze();
        Assert.That(_readings.Observe("tailscale2otel.ingest.time_unreadable"), Is.EqualTo(new Dictionary<string, long> { ["signal=event,source=stream"] = 1 }));
    }

    [Test]
    public void Fields_cannot_take_the_names_of_other_attributes_nor_come_twice()
    {
        var record = Process("1", """{"host":"real","fields":{"host.name":"fake","log.record.uid":"fake","\u0061":1,"a":2,"":3,"tailscale2otel.source":"fake"}}""");
        Assert.That(record["host.name"], Is.EqualTo("real"));
        Assert.That(record["tailscale2otel.source"], Is.EqualTo("stream"));
        Assert.That(record.Uid, Has.Length.EqualTo(32));
        Assert.That(record["a"], Is.EqualTo("2"), "of two with one name the last");
        Assert.That(record.Attributes.Keys, Has.None.EqualTo(""));
    }

    [Test]
    public void Two_equal_events_are_two_and_one_read_again_is_the_same()
    {
        var first = Process("1", "", position: 1);
        var second = Process("1", "", position: 2);
        var again = Process("1", "", position: 1);
        Assert.That(second.Uid, Is.Not.EqualTo(first.Uid));
        Assert.That(again.Uid, Is.EqualTo(first.Uid));
    }

    [TestCase(UnrecognizedEvents.DeadLetter, ProcessOutcome.DeadLetter)]
    [TestCase(UnrecognizedEvents.Drop, ProcessOutcome.Dropped)]
    public void The_operator_can_want_them_elsewhere(object unrecognized, object outcome)
    {
        foreach (var signal in new[] { RecordSignal.StreamEvent, RecordSignal.RawLine })
        {
            var result = new StreamEventProcessor((UnrecognizedEvents)unrecognized, _unreadable).Process(Record("1"u8, default, signal, 1), _logs, RecordPass.Deliver | RecordPass.Count);
            Assert.That(result, Is.EqualTo(new ProcessResult((ProcessOutcome)outcome, "unrecognized")));
        }

        Assert.That(_logs.Records, Is.Empty);
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("nope")]
    [TestCase("1 2")]
    public void An_event_that_is_not_json_is_a_dead_letter(string payload)
    {
        var result = New().Process(Record(Encoding.UTF8.GetBytes(payload), default, RecordSignal.StreamEvent, 1), _logs, RecordPass.Deliver);
        Assert.That(result, Is.EqualTo(ProcessResult.DeadLetter("decode_error")));
        Assert.That(_logs.Records, Is.Empty);
    }

    [Test]
    public void Broken_bytes_are_mapped_or_dead_letters_and_never_throw()
    {
        var payload = """{"msg":"h\u00e9llo","n":[1,2.5e3,null,true]}"""u8.ToArray();
        var metadata = """{"time":1785153607.551,"host":"web\u002d1","source":"app","fields":{"env":"prod","recorded":"2026-07-27T12:00:07Z"}}"""u8.ToArray();
        var processor = New();
        var mapped = 0;
        for (var seed = 0; seed < 5_000; seed++)
        {
            var outcome = processor.Process(
                Record(Mutations.Of(payload, seed), Mutations.Of(metadata, ~seed), RecordSignal.StreamEvent, seed), _logs, RecordPass.Deliver | RecordPass.Count).Outcome;
            Assert.That(outcome, Is.AnyOf(ProcessOutcome.Mapped, ProcessOutcome.DeadLetter));
            mapped += outcome == ProcessOutcome.Mapped ? 1 : 0;
            Assert.That(_logs.Records, Has.Count.EqualTo(mapped));
        }

        Assert.That(mapped, Is.InRange(100, 4_900));
    }

    [Test]
    public void Writes_only_when_it_is_to_deliver()
    {
        Assert.That(New().Process(Record("1"u8, default, RecordSignal.StreamEvent, 1), _logs, RecordPass.Count).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(New().Process(Record("1"u8, default, RecordSignal.StreamEvent, 1), _logs, RecordPass.LearnKey).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(_logs.Records, Is.Empty);
    }

    StreamEventProcessor New() => new(UnrecognizedEvents.Deliver, _unreadable);

    CollectedRecord Process(string payload, string metadata, RecordSignal signal = RecordSignal.StreamEvent, long position = 7)
    {
        var result = New().Process(Record(Encoding.UTF8.GetBytes(payload), Encoding.UTF8.GetBytes(metadata), signal, position), _logs, RecordPass.Deliver | RecordPass.Count);
        Assert.That(result.Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        return _logs.Records[^1];
    }

    static RawRecord Record(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> metadata, RecordSignal signal, long position) => new()
    {
        Position = new SpoolPosition(position),
        Next = new SpoolPosition(position + 1),
        Source = RecordSource.Stream,
        Signal = signal,
        Tailnet = "example.com",
        ReceivedAt = ReceivedAt,
        Metadata = metadata,
        Payload = payload,
    };
}
