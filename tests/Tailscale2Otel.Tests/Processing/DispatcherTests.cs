using System.Diagnostics.Metrics;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed partial class DispatcherTests
{
    readonly FakeProcessor _flow = new();
    readonly FakeProcessor _audit = new();
    readonly FakeCounts _frozen = new();

    [Test]
    public void Hands_a_record_to_the_processor_of_its_signal()
    {
        using var meter = new Meter("test");
        var dispatcher = Create(meter);

        Assert.That(Process(dispatcher, RecordSignal.Audit), Is.EqualTo(ProcessResult.Mapped));
        Assert.That((_flow.Calls, _audit.Calls), Is.EqualTo((0, 1)));
        Assert.That(_audit.LastPass, Is.EqualTo(RecordPass.Deliver | RecordPass.Count));
    }

    [Test]
    public void Passes_a_cursor_in_silence()
    {
        using var meter = new Meter("test");

        Assert.That(Process(Create(meter), RecordSignal.Cursor), Is.EqualTo(ProcessResult.Mapped));
        Assert.That((_flow.Calls, _audit.Calls), Is.EqualTo((0, 0)));
    }

    [TestCase(RecordSignal.Unknown)]
    [TestCase(RecordSignal.Webhook)]
    [TestCase((RecordSignal)200)]
    public void Keeps_what_nobody_takes_as_a_dead_letter(RecordSignal signal)
    {
        using var meter = new Meter("test");

        Assert.That(Process(Create(meter), signal), Is.EqualTo(ProcessResult.DeadLetter("unknown_signal")));
    }

    [TestCase(ProcessOutcome.Mapped, RecordPass.Deliver | RecordPass.Count, 1)]
    [TestCase(ProcessOutcome.Mapped, RecordPass.Count, 1)]
    [TestCase(ProcessOutcome.Mapped, RecordPass.Deliver, 0)]
    [TestCase(ProcessOutcome.Mapped, RecordPass.LearnKey, 0)]
    [TestCase(ProcessOutcome.Duplicate, RecordPass.Count, 0)]
    [TestCase(ProcessOutcome.DeadLetter, RecordPass.Count, 0)]
    [TestCase(ProcessOutcome.Dropped, RecordPass.Count, 0)]
    public void Counts_what_was_accepted_and_only_when_asked_to(ProcessOutcome outcome, RecordPass pass, int expected)
    {
        using var meter = new Meter("test");
        using var collected = new CollectedMeasurements(meter);
        _flow.Result = new ProcessResult(outcome, "");

        var dispatcher = Create(meter);
        _ = Process(dispatcher, RecordSignal.Flow, pass);
        dispatcher.Freeze();

        Assert.That(collected.Observe().Sum(m => m.Name == "tailscale2otel.ingest.records" ? m.Value : 0), Is.EqualTo(expected));
    }

    [Test]
    public void Freezes_all_that_counts_records_together()
    {
        using var meter = new Meter("test");
        using var collected = new CollectedMeasurements(meter);
        var dispatcher = Create(meter);
        _ = Process(dispatcher, RecordSignal.Flow);
        Assert.That(collected.Observe(), Is.Empty);

        dispatcher.Freeze();

        Assert.That(_frozen.Calls, Is.EqualTo(1));
        Assert.That(collected.Observe().Sum(m => m.Name == "tailscale2otel.ingest.records" ? m.Value : 0), Is.EqualTo(1));
    }

    Dispatcher Create(Meter meter) =>
        new(new Dictionary<RecordSignal, IRecordProcessor> { [RecordSignal.Flow] = _flow, [RecordSignal.Audit] = _audit }, new RecordMetrics(meter), [_frozen]);

    static ProcessResult Process(Dispatcher dispatcher, RecordSignal signal, RecordPass pass = RecordPass.Deliver | RecordPass.Count)
    {
        var record = new RawRecord
        {
            Position = SpoolPosition.Start,
            Next = new SpoolPosition(1),
            Source = RecordSource.Stream,
            Signal = signal,
            Tailnet = "",
            ReceivedAt = 1,
            Payload = default,
        };
        return dispatcher.Process(record, new CollectingLogWriter(), pass);
    }

    sealed class FakeCounts : IFrozenMetrics
    {
        public int Calls { get; private set; }

        public void Freeze() => Calls++;
    }

    sealed class FakeProcessor : IRecordProcessor
    {
        public int Calls { get; private set; }

        public RecordPass LastPass { get; private set; }

        public ProcessResult Result { get; set; } = ProcessResult.Mapped;

        public ProcessResult Process(in RawRecord record, LogWriter logs, RecordPass pass)
        {
            Calls++;
            LastPass = pass;
            return Result;
        }
    }
}
