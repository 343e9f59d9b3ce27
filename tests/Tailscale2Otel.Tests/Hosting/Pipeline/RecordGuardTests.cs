using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Tests.Export;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

sealed class RecordGuardTests
{
    readonly CollectedLines _log = new();

    [Test]
    public void More_failures_in_a_row_than_records_can_be_blamed_for_are_thrown()
    {
        var (guard, processor) = Guarded();
        using var batch = new HeldBatch(new Changes());
        for (var round = 0; round < 2; round++)
        {
            processor.Fault = new InvalidOperationException("the record says so");
            for (var i = 0; i < RecordGuard.MostInARow; i++)
                Assert.That(Process(guard, batch), Is.EqualTo(ProcessResult.DeadLetter(RecordGuard.Reason)));
            processor.Fault = null;
            Assert.That(Process(guard, batch), Is.EqualTo(ProcessResult.Mapped), "and all is well again");
        }

        processor.Fault = new InvalidOperationException("the record says so");
        for (var i = 0; i < RecordGuard.MostInARow; i++)
            Process(guard, batch);
        Assert.Throws<InvalidOperationException>(() => Process(guard, batch));
        Assert.That(batch.Count, Is.EqualTo(2));
    }

    [Test]
    public void What_is_not_the_records_fault_is_thrown()
    {
        var (guard, processor) = Guarded();
        using var batch = new HeldBatch(new Changes());
        foreach (var fault in (Exception[])[new IOException("disk"), new UnauthorizedAccessException("rights"), new OutOfMemoryException()])
        {
            processor.Fault = fault;
            Assert.Throws(fault.GetType(), () => Process(guard, batch));
        }
    }

    [Test]
    public void Each_kind_of_fault_is_told_once_and_without_what_the_record_says()
    {
        var (guard, processor) = Guarded();
        using var batch = new HeldBatch(new Changes());
        foreach (var fault in (Exception[])[new InvalidOperationException("secret"), new InvalidOperationException("secret"), new ArgumentException("secret")])
        {
            processor.Fault = fault;
            Process(guard, batch);
        }

        var lines = _log.All.Select(l => l.Text).ToArray();
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines, Has.All.Contains("position 7").And.All.Contains(RecordGuard.Reason).And.All.Contains(nameof(FaultyProcessor)));
        Assert.That(lines, Has.None.Contains("secret"));
    }

    (RecordGuard Guard, FaultyProcessor Processor) Guarded()
    {
        var processor = new FaultyProcessor();
        return (new RecordGuard(processor, _log.For<RecordGuard>()), processor);
    }

    static ProcessResult Process(RecordGuard guard, HeldBatch batch)
    {
        var record = new RawRecord
        {
            Position = new SpoolPosition(7),
            Next = new SpoolPosition(8),
            Source = RecordSource.Stream,
            Signal = RecordSignal.Flow,
            Tailnet = "",
            ReceivedAt = 1,
            Payload = default,
        };
        return guard.Process(record, batch, batch, RecordPass.Deliver);
    }

    /// <summary>Writes a record, and one that it does not end when it has a fault.</summary>
    sealed class FaultyProcessor : IRecordProcessor
    {
        public Exception? Fault { get; set; }

        public ProcessResult Process(in RawRecord record, LogWriter logs, RecordPass pass)
        {
            var header = new LogHeader(record.Position, LogAttributes.StreamEvent, LogSeverity.Info, 1, 1);
            logs.Begin(header);
            logs.End();
            if (Fault is null)
                return ProcessResult.Mapped;
            logs.Begin(header);
            throw Fault;
        }
    }
}
