using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Audit;

public sealed class AuditProcessorTests
{
    const long ReceivedAt = 1_785_153_700_000_000_000;
    const string Time = "2026-07-27T11:59:00.123Z";
    const long TimeNanos = 1_785_153_540_123_000_000;

    MeterReadings _readings;
    CollectingLogWriter _logs;
    AuditMetrics _metrics;
    UnreadableTimeMetric _unreadable;
    AuditProcessor _processor;
    long _position;

    [SetUp]
    public void SetUp()
    {
        _readings = new MeterReadings();
        _logs = new CollectingLogWriter();
        _metrics = new AuditMetrics(_readings.Meter, NullLogger<AuditMetrics>.Instance);
        _unreadable = new UnreadableTimeMetric(_readings.Meter);
        _processor = New();
        _position = 0;
    }

    [TearDown]
    public void TearDown() => _readings.Dispose();

    [Test]
    public void Every_recorded_event_is_one_record_whatever_path_it_came_by()
    {
        var (stream, poll, store) = (Map(RecordSource.Stream, AuditFixtures.Stream()), Map(RecordSource.Poll, AuditFixtures.Poll()), Map(RecordSource.ObjectStore, AuditFixtures.ObjectStore()));
        Assert.That(stream, Has.Count.EqualTo(10));
        Assert.That(store.Select(r => r.Describe(withSource: false)), Is.EqualTo(stream.Select(r => r.Describe(withSource: false))));

        // The one event that was deferred: only the API says until when.
        Assert.That(poll[5]["tailscale.audit.deferred_at"], Is.EqualTo("2026-07-27T11:59:25Z"));
        poll[5].Attributes.Remove("tailscale.audit.deferred_at");
        Assert.That(poll.Select(r => r.Describe(withSource: false)), Is.EqualTo(stream.Select(r => r.Describe(withSource: false))));
        Assert.That(stream.Select(r => r.Uid), Is.Unique);
        Assert.That(new[] { stream[0], poll[0], store[0] }.Select(r => r["tailscale2otel.source"]), Is.EqualTo(new[] { "stream", "poll", "objectstore" }));
    }

    [Test]
    public void Every_recorded_event_is_counted_once_when_all_paths_bring_it()
    {
        var outcomes = new List<ProcessOutcome>();
        foreach (var (source, records) in new[] { (RecordSource.Stream, AuditFixtures.Stream()), (RecordSource.Poll, AuditFixtures.Poll()), (RecordSource.ObjectStore, AuditFixtures.ObjectStore()) })
            outcomes.AddRange(records.Select(r => Process(r.Payload, r.Metadata, source).Outcome));
        _metrics.Freeze();

        Assert.That(outcomes.Take(10), Is.All.EqualTo(ProcessOutcome.Mapped));
        Assert.That(outcomes.Skip(10), Is.All.EqualTo(ProcessOutcome.Duplicate));
        Assert.That(_logs.Records, Has.Count.EqualTo(10));
        Assert.That(_readings.Observe("tailscale.config.audit.events").Values.Sum(), Is.EqualTo(10));
    }

    [TestCaseSource(nameof(Expected))]
    public void Recorded_events_have_exactly_these_attributes(int index, string expected)
    {
        var record = Map(RecordSource.Stream, AuditFixtures.Stream())[index];
        Assert.That(record.Header.EventName, Is.SameAs(LogAttributes.AuditEvent));
        Assert.That(record.Attributes.Remove("log.record.uid"), Is.True);
        foreach (var (name, value) in new[] { ("tailscale2otel.provider", "tailscale"), ("tailscale2otel.source", "stream"), ("tailscale.tailnet", "example.com"), ("tailscale.audit.type", "CONFIG") })
        {
            Assert.That(record[name], Is.EqualTo(value));
            record.Attributes.Remove(name);
        }

        var text = $"{record.Header.Severity} {record.Header.Time} {record.Header.ObservedTime}\n{record.Body}\n" + string.Join('\n', record.Attributes.Select(a => $"{a.Key} = {a.Value}"));
        Assert.That(text, Is.EqualTo(expected.Replace("\r", "", StringComparison.Ordinal)));
        Assert.That(record.Attributes.Values, Is.All.InstanceOf<string>());
    }

    [TestCase(0, 0, true)]
    [TestCase(0, 1, true)]
    [TestCase(1, 0, true)]
    [TestCase(0, 2, false)]
    [TestCase(2, 0, false)]
    public void A_millisecond_apart_is_the_same_event(int first, int second, bool isDuplicate)
    {
        Process(Event($"2026-07-27T11:59:00.12{first}Z"));
        var outcome = Process(Event($"2026-07-27T11:59:00.12{second}Z")).Outcome;
        Assert.That(outcome, Is.EqualTo(isDuplicate ? ProcessOutcome.Duplicate : ProcessOutcome.Mapped));
    }

    [Test]
    public void Nanoseconds_and_the_milliseconds_they_were_cut_to_have_one_uid()
    {
        Process(Event("2026-07-27T11:59:00.123999999Z"));
        _processor = New();
        Process(Event(null), """{"time":1785153540.123}""", RecordSource.Stream);
        Assert.That(_logs.Records[0].Uid, Is.EqualTo(_logs.Records[1].Uid));
    }

    [Test]
    public void A_record_read_again_is_not_a_duplicate_of_itself_nor_of_its_copies()
    {
        var first = Event("2026-07-27T11:59:00.123Z");
        Assert.That(Process(first, position: 1).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(Process(Event("2026-07-27T11:59:00.124Z"), position: 2).Outcome, Is.EqualTo(ProcessOutcome.Duplicate));
        Assert.That(Process(first, position: 1).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(_logs.Records[0].Uid, Is.EqualTo(_logs.Records[1].Uid));
    }

    [Test]
    public void The_tailnet_tells_events_apart()
    {
        Process(Event(Time), tailnet: "a.example");
        Assert.That(Process(Event(Time), tailnet: "b.example").Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(_logs.Records[0].Uid, Is.Not.EqualTo(_logs.Records[1].Uid));
    }

    [TestCase("""{"time":1785153540.123,"fields":{"recorded":"2026-07-27T11:59:00.123456789Z"}}""", TimeNanos + 456_789, TimeNanos + 456_789)]
    [TestCase("""{"time":1785153540.123,"fields":{"recorded":"2026-07-27T11:59:09Z"}}""", TimeNanos, 1_785_153_549_000_000_000)]
    [TestCase("""{"time":1785153540.123}""", TimeNanos, TimeNanos)]
    [TestCase("""{"time":"1785153540.123"}""", TimeNanos, TimeNanos)]
    [TestCase("""{"fields":{"recorded":"2026-07-27T11:59:00.123Z"}}""", TimeNanos, TimeNanos)]
    [TestCase("""{"time":"soon"}""", ReceivedAt, ReceivedAt)]
    [TestCase("", ReceivedAt, ReceivedAt)]
    public void Without_a_time_of_its_own_the_best_of_the_transport_is_taken(string metadata, long time, long observed)
    {
        Process(Event(null), metadata, RecordSource.Stream);
        Assert.That(_logs.Records.Single().Header.Time, Is.EqualTo(time));
        Assert.That(_logs.Records.Single().Header.ObservedTime, Is.EqualTo(observed));
    }

    [Test]
    public void Its_own_time_goes_before_the_transports()
    {
        var result = Process(Event(Time), """{"time":1,"fields":{"recorded":"2026-07-27T12:00:00Z"}}""", RecordSource.Stream);
        Assert.That(_logs.Records.Single().Header.Time, Is.EqualTo(TimeNanos));
        Assert.That(result.EventTime, Is.EqualTo(TimeNanos));
        Assert.That(result.CaptureTime, Is.EqualTo(1_785_153_600_000_000_000));
    }

    [Test]
    public void A_retry_of_an_event_without_any_time_is_the_same_event()
    {
        Process(Event(null), receivedAt: ReceivedAt);
        Assert.That(Process(Event(null), receivedAt: ReceivedAt + 60_000_000_000).Outcome, Is.EqualTo(ProcessOutcome.Duplicate));
    }

    [Test]
    public void A_time_that_is_none_is_counted()
    {
        Process(Event(null), """{"time":"soon"}""", RecordSource.Stream);
        _unreadable.Freeze();
        Assert.That(_readings.Observe("tailscale2otel.ingest.time_unreadable"), Is.EqualTo(new Dictionary<string, long> { ["signal=audit,source=stream"] = 1 }));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"action":""}""")]
    [TestCase("""{"action":null}""")]
    [TestCase("""{"action":"LOGIN" """)]
    [TestCase("""{"action":"LOGIN"}{}""")]
    [TestCase("""{"action":"LOGIN","old":nope}""")]
    public void What_cannot_be_decoded_is_a_dead_letter(string payload)
    {
        var result = Process(Encoding.UTF8.GetBytes(payload));
        _metrics.Freeze();
        Assert.That(result, Is.EqualTo(ProcessResult.DeadLetter("decode_error")));
        Assert.That(_logs.Records, Is.Empty);
        Assert.That(_readings.Observe("tailscale.config.audit.events"), Is.Empty);
    }

    [Test]
    public void Nesting_past_the_limit_is_a_dead_letter()
    {
        var payload = $$"""{"action":"LOGIN","new":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}""";
        Assert.That(Process(Encoding.UTF8.GetBytes(payload)).Outcome, Is.EqualTo(ProcessOutcome.DeadLetter));
    }

    [Test]
    public void Broken_bytes_are_mapped_or_dead_letters_and_never_throw()
    {
        var originals = AuditFixtures.Stream();
        var outcomes = new Dictionary<ProcessOutcome, int>();
        for (var seed = 0; seed < 5_000; seed++)
        {
            var (payload, metadata) = originals[seed % originals.Count];
            var written = _logs.Records.Count;
            var outcome = Process(Mutations.Of(payload, seed), Mutations.Of(metadata, ~seed), RecordSource.Stream).Outcome;
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            Assert.That(_logs.Records, Has.Count.EqualTo(written + (outcome == ProcessOutcome.Mapped ? 1 : 0)));
        }

        Assert.That(outcomes[ProcessOutcome.Mapped], Is.GreaterThan(100));
        Assert.That(outcomes[ProcessOutcome.DeadLetter], Is.GreaterThan(100));
    }

    [Test]
    public void Sets_a_faulty_record_aside_once_however_often_it_is_polled()
    {
        var faulty = "{"u8.ToArray();
        Assert.That(Process(faulty, position: 7), Is.EqualTo(ProcessResult.DeadLetter("decode_error")));
        Assert.That(Process(faulty, position: 8), Is.EqualTo(ProcessResult.Duplicate));
        Assert.That(Process(faulty, position: 7), Is.EqualTo(ProcessResult.DeadLetter("decode_error")), "read again after a crash");
        Assert.That(Process("[1"u8.ToArray(), position: 9), Is.EqualTo(ProcessResult.DeadLetter("decode_error")));
        Assert.That(Process(faulty, position: 10, tailnet: "example.org"), Is.EqualTo(ProcessResult.DeadLetter("decode_error")));
        Assert.That(Process(faulty, position: 11, source: RecordSource.Stream), Is.EqualTo(ProcessResult.DeadLetter("decode_error")));
    }

    [TestCase(false, false, 0, 0)]
    [TestCase(true, false, 1, 0)]
    [TestCase(false, true, 0, 1)]
    [TestCase(true, true, 1, 1)]
    public void Does_what_the_pass_says_and_learns_the_key_in_each(bool deliver, bool count, int records, int counted)
    {
        var pass = (deliver ? RecordPass.Deliver : 0) | (count ? RecordPass.Count : 0);
        Assert.That(Process(Event(Time), pass: pass).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(Process(Event(Time), pass: pass).Outcome, Is.EqualTo(ProcessOutcome.Duplicate));
        _metrics.Freeze();
        Assert.That(_logs.Records, Has.Count.EqualTo(records));
        Assert.That(_readings.Observe("tailscale.config.audit.events").Values.Sum(), Is.EqualTo(counted));
    }

    public static IEnumerable<TestCaseData> Expected() => AuditExpectations.All.Select((text, index) => new TestCaseData(index, text).SetArgDisplayNames($"{index}"));

    List<CollectedRecord> Map(RecordSource source, List<(byte[] Payload, byte[] Metadata)> records)
    {
        _processor = New();
        _logs.Records.Clear();
        foreach (var (payload, metadata) in records)
            Assert.That(Process(payload, metadata, source).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        return [.. _logs.Records];
    }

    AuditProcessor New() => new(new DeduplicationWindow(), _metrics, _unreadable);

    static byte[] Event(string? time) => Encoding.UTF8.GetBytes(
        $$"""{{{(time is null ? "" : $"\"eventTime\":\"{time}\",")}}"eventGroupID":"g1","origin":"NODE","actor":{"id":"u1","type":"USER"},"target":{"id":"n1","type":"NODE"},"action":"CREATE"}""");

    ProcessResult Process(
        byte[] payload, string metadata, RecordSource source, string tailnet = "example.com", long receivedAt = ReceivedAt) =>
        Process(payload, Encoding.UTF8.GetBytes(metadata), source, tailnet, receivedAt);

    ProcessResult Process(
        byte[] payload, byte[]? metadata = null, RecordSource source = RecordSource.Poll, string tailnet = "example.com", long receivedAt = ReceivedAt,
        RecordPass pass = RecordPass.Deliver | RecordPass.Count, long? position = null)
    {
        var place = position ?? ++_position;
        var record = new RawRecord
        {
            Position = new SpoolPosition(place),
            Next = new SpoolPosition(place + 1),
            Source = source,
            Signal = RecordSignal.Audit,
            Tailnet = tailnet,
            ReceivedAt = receivedAt,
            Metadata = metadata,
            Payload = payload,
        };
        return _processor.Process(record, _logs, pass);
    }
}
