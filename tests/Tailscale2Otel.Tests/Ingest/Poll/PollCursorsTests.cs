using System.Text;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Poll;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PollCursorsTests : IAsyncDisposable
{
    readonly ManualTime _time = new();
    readonly PollHouse _house;

    public PollCursorsTests() => _house = new PollHouse(_time, new LogServer(_time));

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Test]
    public async Task A_file_that_is_damaged_at_any_byte_is_not_believed()
    {
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(2));
        var (cursor, sound) = (_house.Cursor, await File.ReadAllBytesAsync(_house.CursorFile));
        using var folder = new TemporaryFolder();
        var file = new PollCursorFile(folder.Path);
        await File.WriteAllBytesAsync(folder.File(PollCursorFile.Name), sound);
        Assert.That(file.Load(out _)!.Value.Cursors.Values.Single(), Is.EqualTo(cursor));

        for (var at = 0; at < sound.Length; at++)
        {
            foreach (var bit in new[] { 0x01, 0x10, 0x80 })
            {
                var broken = sound.ToArray();
                broken[at] ^= (byte)bit;
                await File.WriteAllBytesAsync(folder.File(PollCursorFile.Name), broken);
                Assert.That((file.Load(out var isDamaged), isDamaged), Is.EqualTo(((object?)null, true)), $"byte {at}");
            }

            await File.WriteAllBytesAsync(folder.File(PollCursorFile.Name), sound[..at]);
            Assert.That((file.Load(out var isCut), isCut), Is.EqualTo(((object?)null, true)), $"cut at {at}");
        }
    }

    [Test]
    public async Task A_damaged_file_gives_way_to_the_spool_and_is_told()
    {
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(5));
        var cursor = _house.Cursor;
        var image = _house.Image();
        await File.WriteAllTextAsync(image.File(PollCursorFile.Name), "{}");

        await _house.CrashAsync(image);

        Assert.That(_house.Cursor, Is.EqualTo(cursor));
        Assert.That(_house.Log.Lines, Has.Exactly(1).Contains("damaged"));
    }

    [Test]
    public async Task Cursors_outlive_what_the_spool_deletes()
    {
        _house.Options.Retention = TimeSpan.Zero;
        _house.Options.SegmentBytes = 64 * 1024;
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(2));
        var cursor = _house.Cursor;
        await FillAsync(200_000);
        await DeliverAllAsync();

        Assert.That(_house.Records(RecordSignal.Cursor), Is.Empty);
        await _house.CrashAsync();

        Assert.That(_house.Cursor, Is.EqualTo(cursor));
    }

    [Test]
    public async Task The_file_follows_a_spool_that_others_fill()
    {
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(1));
        var before = new PollCursorFile(_house.Folder).Load(out _)!.Value.Position;
        await FillAsync(1000);
        await _house.Cursors.FollowOnceAsync(default);
        Assert.That(new PollCursorFile(_house.Folder).Load(out _)!.Value.Position, Is.EqualTo(before), "too little to write for");

        await FillAsync(PollCursors.LongestScan);
        await _house.Cursors.FollowOnceAsync(default);

        Assert.That(new PollCursorFile(_house.Folder).Load(out _)!.Value.Position, Is.EqualTo(_house.Spool.End));
        var cursor = _house.Cursor;
        await _house.RestartAsync();
        Assert.That(_house.Cursor, Is.EqualTo(cursor));
    }

    [Test]
    public async Task The_last_cursor_in_the_spool_counts_whatever_its_time()
    {
        await _house.OpenAsync();
        await AppendCursorAsync("example.com", "flowlogs", _time.GetUtcNow());
        await AppendCursorAsync("example.com", "flowlogs", _time.GetUtcNow().AddDays(-1));

        await _house.RestartAsync();

        Assert.That(_house.Cursor!.Value.Time, Is.EqualTo(_time.GetUtcNow().AddDays(-1)));
    }

    [Test]
    public async Task Each_tailnet_and_collector_has_its_own()
    {
        await _house.OpenAsync();
        await AppendCursorAsync("example.com", "flowlogs", _time.GetUtcNow().AddDays(-1));
        await AppendCursorAsync("example.com", "auditlogs", _time.GetUtcNow().AddDays(-2));
        await AppendCursorAsync("example.org", "flowlogs", _time.GetUtcNow().AddDays(-3));

        await _house.RestartAsync();

        Assert.That(_house.Cursors.Find(new PollKey("example.com", "flowlogs"))!.Value.Time, Is.EqualTo(_time.GetUtcNow().AddDays(-1)));
        Assert.That(_house.Cursors.Find(new PollKey("example.com", "auditlogs"))!.Value.Time, Is.EqualTo(_time.GetUtcNow().AddDays(-2)));
        Assert.That(_house.Cursors.Find(new PollKey("example.org", "flowlogs"))!.Value.Time, Is.EqualTo(_time.GetUtcNow().AddDays(-3)));
        Assert.That(_house.Cursors.Find(new PollKey("example.org", "auditlogs")), Is.Null);
    }

    [Test]
    public async Task A_tailnet_that_gets_its_name_goes_on_from_where_it_was()
    {
        await _house.OpenAsync();
        await AppendCursorAsync("", "flowlogs", _time.GetUtcNow().AddHours(-1));

        await _house.RestartAsync();

        Assert.That(_house.Cursor, Is.EqualTo(new PollCursor(_time.GetUtcNow().AddHours(-1), _time.GetUtcNow().AddHours(-1))));
    }

    [Test]
    public async Task A_cursor_without_a_name_is_inherited_by_the_only_tailnet_alone_and_once()
    {
        await _house.OpenAsync();
        await AppendCursorAsync("", "flowlogs", _time.GetUtcNow().AddHours(-1));
        await AppendCursorAsync("", "auditlogs", _time.GetUtcNow().AddHours(-1));
        _house.IsOneTailnet = false;
        await _house.RestartAsync();
        Assert.That(_house.Cursor, Is.Null);
        Assert.That(_house.Cursors.Find(new PollKey("", "flowlogs")), Is.Not.Null);

        _house.IsOneTailnet = true;
        await _house.RestartAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(1));

        Assert.That(_house.Cursor, Is.Not.Null);
        Assert.That(
            new PollCursorFile(_house.Folder).Load(out _)!.Value.Cursors.Keys,
            Is.EquivalentTo(new[] { new PollKey("example.com", "flowlogs"), new PollKey("", "auditlogs") }));
    }

    [Test]
    public async Task A_cursor_that_only_the_file_has_goes_back_when_the_spool_has_lost_its_end()
    {
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(10));
        var before = _house.Cursor!.Value;
        var image = _house.Image();
        foreach (var segment in Directory.GetFiles(image.Path, "*.seg"))
            File.Delete(segment);

        await _house.CrashAsync(image);

        Assert.That(_house.Log.Lines, Has.Some.Contains("lost its end"));
        Assert.That(_house.Cursor, Is.EqualTo(new PollCursor(before.Time.AddHours(-1), before.Settled.AddHours(-1))));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("5")]
    [TestCase("{\"version\":1,\"collector\":\"flowlogs\",\"cursor\":\"soon\",\"settled\":\"soon\"}")]
    [TestCase("{\"version\":2,\"collector\":\"flowlogs\",\"cursor\":\"2026-07-27T12:00:00.0000000Z\",\"settled\":\"2026-07-27T12:00:00.0000000Z\"}")]
    [TestCase("{\"version\":1,\"collector\":\"flowlogs\",\"cursor\":\"1970-07-27T12:00:00.0000000Z\",\"settled\":\"1970-07-27T12:00:00.0000000Z\"}")]
    [TestCase("{\"version\":1,\"collector\":\"flowlogs\",\"cursor\":\"2026-07-27T12:00:00.0000000Z\",\"settled\":\"2026-07-28T12:00:00.0000000Z\"}")]
    [TestCase("{\"version\":1,\"collector\":\"\",\"cursor\":\"2026-07-27T12:00:00.0000000Z\",\"settled\":\"2026-07-27T12:00:00.0000000Z\"}")]
    [TestCase("{\"version\":\"1\",\"collector\":5,\"cursor\":7,\"settled\":8}")]
    public void A_payload_that_this_program_did_not_write_is_no_cursor(string payload) =>
        Assert.That(PollCursor.TryRead(Encoding.UTF8.GetBytes(payload), out _, out _), Is.False);

    [Test]
    public void A_payload_reads_as_it_was_written()
    {
        var cursor = new PollCursor(_time.GetUtcNow().AddTicks(1234567), _time.GetUtcNow());

        Assert.That(PollCursor.TryRead(cursor.Write("flowlogs"), out var collector, out var read), Is.True);
        Assert.That((collector, read), Is.EqualTo(("flowlogs", cursor)));
    }

    [Test]
    public async Task Polling_goes_on_while_the_file_cannot_be_written()
    {
        await _house.OpenAsync();
        Directory.CreateDirectory(Path.Combine(_house.Folder, "poll-cursors.tmp"));

        await _house.RunAsync(TimeSpan.FromMinutes(5));

        var cursor = _house.Cursor;
        Assert.That(cursor!.Value.Time, Is.GreaterThan(_time.GetUtcNow().AddMinutes(-4)));
        Assert.That(_house.Meter["tailscale2otel.checkpoint.persist.errors"], Is.GreaterThan(3));
        Assert.That(_house.Log.Lines.Count(l => l.Contains("cannot be written", StringComparison.Ordinal)), Is.EqualTo(1));
        Directory.Delete(Path.Combine(_house.Folder, "poll-cursors.tmp"));
        await _house.CrashAsync();
        Assert.That(_house.Cursor, Is.EqualTo(cursor));
    }

    async Task AppendCursorAsync(string tailnet, string collector, DateTimeOffset at)
    {
        using var batch = new SpoolAppend();
        batch.Add(RecordSource.Poll, RecordSignal.Cursor, tailnet, 0, [], new PollCursor(at, at).Write(collector));
        await _house.Spool.AppendAsync(batch, default);
    }

    async Task FillAsync(long bytes)
    {
        for (; bytes > 0; bytes -= 1_000_000)
        {
            using var batch = new SpoolAppend();
            for (var left = Math.Min(bytes, 1_000_000); left > 0; left -= 50_000)
                batch.Add(RecordSource.Stream, RecordSignal.Flow, "", 0, [], new byte[Math.Min(left, 50_000)]);
            Assert.That((await _house.Spool.AppendAsync(batch, default)).Outcome, Is.EqualTo(AppendOutcome.Durable));
        }
    }

    async Task DeliverAllAsync()
    {
        await _house.DeliverAsync();
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await FillAsync(70_000);
        }
    }
}
