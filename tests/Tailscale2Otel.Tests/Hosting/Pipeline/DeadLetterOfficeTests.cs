using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Export;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Spool;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

public sealed class DeadLetterOfficeTests
{
    SpoolHarness _house = null!;
    DeadLetters _letters = null!;
    PendingBatch _batch = null!;

    [SetUp]
    public async Task SetUp()
    {
        _house = new SpoolHarness();
        _house.Open();
        await _house.AppendAsync("refused");
        _letters = new DeadLetters(new DeadLetterOptions(), _house.Folder, _house.Time, _house.Meter, NullLogger.Instance);
        _batch = new PendingBatch(new HeldBatch(new Changes()), 0);
    }

    [TearDown]
    public async Task TearDown()
    {
        _batch.Dispose();
        _letters.Dispose();
        await _house.DisposeAsync();
    }

    string Letters => File.Exists(Path.Combine(_house.Folder, DeadLetters.FileName)) ? File.ReadAllText(Path.Combine(_house.Folder, DeadLetters.FileName)) : "";

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_letter_is_owed_while_the_disk_does_not_give_its_record(bool canBeOpened)
    {
        if (canBeOpened)
            _house.Disk.FailReads = true;
        else
            _house.Disk.Locked = _house.LastSegment;
        var writing = RefuseAsync();
        PassSeconds(30);
        Assert.That(writing.IsCompleted, Is.False);

        (_house.Disk.FailReads, _house.Disk.Locked) = (false, "");
        PassSeconds(1);
        await writing;
        Assert.That(Letters, Does.Contain("refused_by_backend"));
    }

    [Test]
    public async Task A_record_that_turns_out_to_be_damaged_is_no_longer_owed()
    {
        _house.Disk.FailReads = true;
        var writing = RefuseAsync();
        PassSeconds(60);
        await writing;
        Assert.That(Letters, Is.Empty);
        Assert.That(_house.Log.Says("(unreadable)"));
    }

    Task RefuseAsync() => new DeadLetterOffice(_house.Spool, _letters, _house.Time).RefusedAsync(_batch, new RefusedRecord(SpoolPosition.Start, 400, "no"), default).AsTask();

    void PassSeconds(int seconds)
    {
        var second = TimeSpan.FromSeconds(1);
        for (var i = 0; i < seconds; i++)
        {
            Assert.That(SpinWait.SpinUntil(() => _house.Time.OneShotsWithin(second) == 1, TimeSpan.FromSeconds(20)), "nobody waits");
            _house.Time.Advance(second);
        }
    }
}
