using System.Text;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Hosting.Tailnets;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Tailnets;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class TailnetSetTests : IDisposable
{
    readonly MeterReadings _readings = new();
    readonly List<string> _opened = [];
    readonly List<string> _processed = [];
    readonly TailnetSet _set;

    public TailnetSetTests() => _set = new TailnetSet([Parts("a"), Parts("b")], name =>
    {
        _opened.Add(name);
        return Parts(name);
    });

    [Test]
    public void A_record_goes_to_its_own_tailnet()
    {
        foreach (var name in (string[])["b", "a", "a", "b"])
            Process(name);

        Assert.That(_processed, Is.EqualTo(new[] { "b", "a", "a", "b" }));
        Assert.That(_opened, Is.Empty);
    }

    [Test]
    public void Tailnets_that_are_gone_get_parts_once_and_too_many_share_the_last()
    {
        foreach (var name in (string[])["", "x", "", "y", "z", "x", "w", "a", "z"])
            Process(name);

        Assert.That(_opened, Is.EqualTo(new[] { "", "x", "y", "__other__" }));
        Assert.That(_processed, Is.EqualTo(new[] { "", "x", "", "y", "__other__", "x", "__other__", "a", "__other__" }));
    }

    [Test]
    public void A_cursor_needs_no_tailnet()
    {
        Assert.That(Process("gone", RecordSignal.Cursor).Outcome, Is.EqualTo(ProcessOutcome.Mapped));

        Assert.That(_opened, Is.Empty);
        Assert.That(_processed, Is.Empty);
    }

    public void Dispose() => _readings.Dispose();

    ProcessResult Process(string tailnet, RecordSignal signal = RecordSignal.Flow) => _set.Process(
        new RawRecord
        {
            Position = new SpoolPosition(1),
            Next = new SpoolPosition(2),
            Source = RecordSource.Stream,
            Signal = signal,
            Tailnet = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(tailnet)),
            ReceivedAt = 1,
            Payload = default,
        },
        new CollectingLogWriter(),
        RecordPass.Deliver);

    TailnetParts Parts(string name) => new()
    {
        Name = name,
        Devices = new DeviceIndex(name, TimeProvider.System),
        Windows = new DeduplicationWindows(new DeduplicationOptions(), withChanges: false),
        Dispatcher = new Dispatcher(
            new Dictionary<RecordSignal, IRecordProcessor> { [RecordSignal.Flow] = new Noting(name, _processed) }, new RecordMetrics(_readings.Meter), []),
    };

    sealed class Noting(string name, List<string> processed) : IRecordProcessor
    {
        public ProcessResult Process(in RawRecord record, LogWriter logs, RecordPass pass)
        {
            processed.Add(name);
            return ProcessResult.Mapped;
        }
    }
}
