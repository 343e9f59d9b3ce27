using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Deduplication;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class SharedChangesTests : IDisposable
{
    const long Second = 1_000_000_000;
    const long Time = 1_785_153_605 * Second;

    static readonly ContentKey Change = SharedChange.Of("example.com", SharedChange.NodeCreated, "nWEB1"u8)!.Value;
    static readonly ContentKey Other = SharedChange.Of("example.com", SharedChange.NodeCreated, "nWEB2"u8)!.Value;

    readonly TemporaryFolder _folder = new();
    SharedChanges _changes = new(new DeduplicationWindow());
    DeduplicationWindow _window = null!;

    public void Dispose() => _folder.Dispose();

    [TestCase(RecordSignal.Webhook, RecordSignal.Audit)]
    [TestCase(RecordSignal.Audit, RecordSignal.Webhook)]
    public void The_first_of_both_kinds_stays(object first, object second)
    {
        Assert.That(Tell((RecordSignal)first, 100));
        Assert.That(Tell((RecordSignal)second, 200), Is.False);
        Assert.That(Tell((RecordSignal)first, 300, Other));
    }

    [TestCase(-3 * Second, true)]
    [TestCase(-2 * Second, false)]
    [TestCase(1, false)]
    [TestCase(Second, false)]
    [TestCase(2 * Second, false)]
    [TestCase(3 * Second, true)]
    public void Two_seconds_are_the_same_moment(long offset, bool stays)
    {
        Tell(RecordSignal.Webhook, 100);

        Assert.That(Tell(RecordSignal.Audit, 200, time: Time + offset), Is.EqualTo(stays));
    }

    [Test]
    public void Two_records_of_one_kind_never_suppress_each_other()
    {
        Assert.That(Tell(RecordSignal.Audit, 100));
        Assert.That(Tell(RecordSignal.Audit, 200));
    }

    [Test]
    public void One_record_stands_for_one_other()
    {
        Assert.That(Tell(RecordSignal.Webhook, 100));
        Assert.That(Tell(RecordSignal.Audit, 200), Is.False);
        Assert.That(Tell(RecordSignal.Audit, 300, time: Time + Second), "the webhook has stood for the first");
    }

    [Test]
    public void Reading_again_decides_the_same_in_every_order()
    {
        (RecordSignal Signal, long Position)[] records = [(RecordSignal.Webhook, 100), (RecordSignal.Audit, 200), (RecordSignal.Audit, 300), (RecordSignal.Webhook, 400)];
        var first = records.Select(r => Tell(r.Signal, r.Position)).ToArray();

        for (var from = 0; from < records.Length; from++)
            Assert.That(records.Skip(from).Select(r => Tell(r.Signal, r.Position)), Is.EqualTo(first.Skip(from)), $"from {from}");
        Assert.That(first, Is.EqualTo(new[] { true, false, true, false }));
    }

    [Test]
    public void A_restart_decides_the_same_wherever_the_keys_were_sealed([Range(0, 4)] int sealedAfter)
    {
        (RecordSignal Signal, long Position)[] records = [(RecordSignal.Webhook, 100), (RecordSignal.Audit, 200), (RecordSignal.Audit, 300), (RecordSignal.Webhook, 400)];
        Open();
        var first = new List<bool>();
        for (var i = 0; i < records.Length; i++)
        {
            if (i == sealedAfter)
                _window.Seal();
            first.Add(Tell(records[i].Signal, records[i].Position));
        }

        if (sealedAfter == records.Length)
            _window.Seal();
        Open();

        var again = records.SkipWhile(r => r.Position < _window.RebuildFrom.Value).ToList();
        Assert.That(again.Select(r => Tell(r.Signal, r.Position)), Is.EqualTo(first.TakeLast(again.Count)));
        Assert.That(Tell(RecordSignal.Audit, 500), Is.EqualTo(true), "nobody is left to stand for it");
    }

    [Test]
    public void A_change_is_known_by_tailnet_kind_and_subject()
    {
        ContentKey?[] keys =
        [
            SharedChange.Of("a", SharedChange.NodeCreated, "n"u8),
            SharedChange.Of("b", SharedChange.NodeCreated, "n"u8),
            SharedChange.Of("a", SharedChange.NodeDeleted, "n"u8),
            SharedChange.Of("a", SharedChange.NodeCreated, "N"u8),
            SharedChange.Of("a", SharedChange.UserCreated, "n"u8),
            SharedChange.Of("a", SharedChange.PolicyUpdated, "n"u8),
            SharedChange.Of("a", SharedChange.PolicyUpdated, "n"u8, "o"u8),
            SharedChange.Of("a", SharedChange.PolicyUpdated, "no"u8),
        ];

        Assert.That(keys, Is.Unique.And.None.Null);
        Assert.That(SharedChange.Of("a", SharedChange.UserCreated, "Ada@Example.com"u8), Is.EqualTo(SharedChange.Of("a", SharedChange.UserCreated, "ada@example.com"u8)));
        Assert.That(SharedChange.Of("a", SharedChange.UserCreated, default), Is.Null);
    }

    void Open()
    {
        _window = DeduplicationWindow.Open(new DeduplicationOptions(), new GenerationFiles(_folder.Path, _ => { }, NullLogger.Instance), new DeduplicationCounts("test", 0), NullLogger.Instance);
        _changes = new SharedChanges(_window);
    }

    bool Tell(RecordSignal signal, long position, ContentKey? change = null, long time = Time)
    {
        var record = new RawRecord
        {
            Position = new SpoolPosition(position),
            Next = new SpoolPosition(position + 1),
            Source = RecordSource.Unknown,
            Signal = signal,
            Tailnet = "",
            ReceivedAt = Time,
            Payload = default,
        };
        return _changes.TryTell(change ?? Change, time, record);
    }
}
