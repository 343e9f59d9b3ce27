using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class GrinderTests : IAsyncDisposable
{
    readonly PipelineHarness _pipeline = new();

    public ValueTask DisposeAsync() => _pipeline.DisposeAsync();

    [Test]
    public async Task Closes_a_batch_that_has_enough_records()
    {
        (_pipeline.Options.MaxBatchRecords, _pipeline.Options.MaxBatchDelay) = (2, TimeSpan.FromMinutes(1));
        await _pipeline.Open().AppendAsync("a", "b", "c", "d", "e");
        _pipeline.Run();

        Assert.That((await _pipeline.Exporter.NextAsync()).Bodies, Is.EqualTo(new[] { "a", "b" }));
        Assert.That((await _pipeline.Exporter.NextAsync()).Bodies, Is.EqualTo(new[] { "c", "d" }));
        await _pipeline.Changes.UntilAsync(() => _pipeline.Time.Timers > 0);
        Assert.That(_pipeline.Exporter.UnderWay, Is.EqualTo(2), "one record is not enough");
    }

    [Test]
    public async Task Closes_a_batch_that_has_enough_bytes()
    {
        (_pipeline.Options.MaxBatchBytes, _pipeline.Options.MaxBatchDelay) = (8, TimeSpan.FromMinutes(1));
        await _pipeline.Open().AppendAsync("aaaaa", "bbbbb", "ccccccccc", "d");
        _pipeline.Run();

        Assert.That((await _pipeline.Exporter.NextAsync()).Bodies, Is.EqualTo(new[] { "aaaaa", "bbbbb" }));
        Assert.That((await _pipeline.Exporter.NextAsync()).Bodies, Is.EqualTo(new[] { "ccccccccc" }));
    }

    [Test]
    public async Task Closes_a_batch_that_has_waited_long_enough()
    {
        _pipeline.Options.MaxBatchDelay = TimeSpan.FromMilliseconds(200);
        await _pipeline.Open().AppendAsync("a");
        _pipeline.Run();
        await _pipeline.Changes.UntilAsync(() => _pipeline.Time.Timers > 0);

        _pipeline.Clock.Advance(TimeSpan.FromMilliseconds(199));
        Assert.That(_pipeline.Exporter.UnderWay, Is.Zero);
        _pipeline.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That((await _pipeline.Exporter.NextAsync()).Bodies, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Moves_the_cursor_over_a_stretch_without_log_records()
    {
        (_pipeline.Options.MaxBatchRecords, _pipeline.Options.MaxBatchDelay) = (3, TimeSpan.FromMinutes(1));
        var ends = await _pipeline.Open().AppendAsync("a", "a", "a", "bad", "a", "drop");
        _pipeline.Run();

        (await _pipeline.Exporter.NextAsync()).Accept();
        await _pipeline.DeliveredAsync(ends[5]);

        Assert.That(_pipeline.Changes.Entries.Where(e => e.StartsWith("offered", StringComparison.Ordinal)), Is.EqualTo(new[] { "offered a" }));
        Assert.That((_pipeline.Counts.Duplicates, _pipeline.Counts.DeadLetters, _pipeline.Counts.Dropped), Is.EqualTo((3, 1, 1)));
    }

    [Test]
    public async Task A_dead_letter_that_cannot_be_written_stops_everything_behind_it()
    {
        var ends = await OweAsync();
        _pipeline.Clock.Advance(TimeSpan.FromSeconds(1));
        await _pipeline.Changes.UntilAsync(() => _pipeline.Time.Timers > 1);
        Assert.That(_pipeline.Ground.Last(), Does.StartWith("bad:"));
        Assert.That(_pipeline.Spool.Cursors.Delivered, Is.EqualTo(SpoolPosition.Start));

        Directory.Delete(_pipeline.DeadLetterPath);
        _pipeline.Clock.Advance(TimeSpan.FromSeconds(1));

        var first = await _pipeline.Exporter.NextAsync();
        Assert.That(first.Bodies, Is.EqualTo(new[] { "a" }));
        Assert.That(Letters(), Is.EqualTo(new[] { "bad decode_error" }), "written before the cursor may pass");
        first.Accept();
        (await _pipeline.Exporter.NextAsync()).Accept();
        await _pipeline.DeliveredAsync(ends[2]);
        Assert.That(Letters(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_dead_letter_that_is_owed_at_the_stop_is_written_after_the_restart()
    {
        await OweAsync();

        await _pipeline.StopGrindingAsync();
        Assert.That(_pipeline.Spool.Cursors.Delivered, Is.EqualTo(SpoolPosition.Start));
        Directory.Delete(_pipeline.DeadLetterPath);
        await _pipeline.ReopenAsync();
        _pipeline.Run();

        Assert.That((await _pipeline.Exporter.NextAsync()).Bodies, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(Letters(), Is.EqualTo(new[] { "bad decode_error" }));
    }

    [Test]
    public async Task What_was_delivered_and_not_counted_is_only_counted_after_a_restart()
    {
        var ends = await DeliverAsync("a", "b", "c");
        await _pipeline.Spool.Cursors.CountAsync(ends[0], default);

        await _pipeline.ReopenAsync();
        await _pipeline.AppendAsync("d");
        var before = _pipeline.Ground.Count();
        _pipeline.Run();

        Assert.That((await _pipeline.Exporter.NextAsync()).Bodies, Is.EqualTo(new[] { "d" }));
        Assert.That(_pipeline.Ground.Skip(before), Is.EqualTo(new[] { "a: Mapped LearnKey", "b: Mapped Count", "c: Mapped Count", "d: Mapped Deliver, Count" }));
    }

    [Test]
    public async Task What_was_counted_and_not_delivered_is_only_delivered_after_a_restart()
    {
        var ends = await _pipeline.Open().AppendAsync("a", "b", "c");
        _pipeline.Run();
        await _pipeline.Exporter.NextAsync();
        await _pipeline.Spool.Cursors.CountAsync(ends[1], default);

        await _pipeline.ReopenAsync();
        var before = _pipeline.Ground.Count();
        _pipeline.Run();

        Assert.That((await _pipeline.Exporter.NextAsync()).Bodies, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(_pipeline.Ground.Skip(before), Is.EqualTo(new[] { "a: Mapped Deliver", "b: Mapped Deliver", "c: Mapped Deliver, Count" }));
    }

    [Test]
    public async Task A_copy_of_a_record_behind_both_cursors_is_still_a_duplicate()
    {
        var ends = await DeliverAsync("a", "b");
        await _pipeline.Spool.Cursors.CountAsync(ends[1], default);

        await _pipeline.ReopenAsync();
        var copy = await _pipeline.AppendAsync("a");
        var before = _pipeline.Ground.Count();
        _pipeline.Run();
        await _pipeline.DeliveredAsync(copy[0]);

        Assert.That(_pipeline.Ground.Skip(before), Is.EqualTo(new[] { "a: Mapped LearnKey", "b: Mapped LearnKey", "a: Duplicate Deliver, Count" }));
        Assert.That((_pipeline.Counts.Duplicates, _pipeline.Counts.Closed), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_dead_letter_is_not_written_again_when_its_record_is_only_counted()
    {
        await DeliverAsync("a", "bad", "b");

        await _pipeline.ReopenAsync();
        await _pipeline.AppendAsync("c");
        _pipeline.Run();
        await _pipeline.Exporter.NextAsync();

        Assert.That(_pipeline.Ground.Count(e => e == "bad: DeadLetter Count"), Is.EqualTo(1));
        Assert.That(Letters(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Passes_the_frames_of_pollers_without_counting_them()
    {
        var ends = await DeliverAsync("cursor", "a", "cursor");
        Assert.That(_pipeline.Counts.Closed, Is.EqualTo(1));

        ends = await _pipeline.AppendAsync("cursor");
        await _pipeline.DeliveredAsync(ends[0]);

        Assert.That(_pipeline.Counts.Closed, Is.EqualTo(1));
    }

    async Task<SpoolPosition[]> DeliverAsync(params string[] words)
    {
        var ends = await _pipeline.Open().AppendAsync(words);
        _pipeline.Run();
        (await _pipeline.Exporter.NextAsync()).Accept();
        await _pipeline.DeliveredAsync(ends[^1]);
        return ends;
    }

    /// <summary>A directory stands where the dead-letter file should be, and the second of three records is a dead letter.</summary>
    async Task<SpoolPosition[]> OweAsync()
    {
        var ends = await _pipeline.Open().AppendAsync("a", "bad", "b");
        Directory.CreateDirectory(_pipeline.DeadLetterPath);
        _pipeline.Run();
        await _pipeline.Changes.UntilAsync(() => _pipeline.Time.Timers > 0);
        return ends;
    }

    [Test]
    public async Task A_record_that_our_own_code_fails_at_is_a_dead_letter_and_leaves_nothing_in_the_batch()
    {
        (_pipeline.Options.MaxBatchRecords, _pipeline.Options.MaxBatchDelay) = (3, TimeSpan.FromMinutes(1));
        var ends = await _pipeline.Open().AppendAsync("a", "fail", "b");
        _pipeline.Run();
        var held = await _pipeline.Exporter.NextAsync();
        Assert.That(held.Bodies, Is.EqualTo(new[] { "a", "b" }));
        held.Accept();

        await _pipeline.DeliveredAsync(ends[^1]);
        Assert.That(Letters(), Is.EqualTo(new[] { $"fail {RecordGuard.Reason}" }));
    }

    [Test]
    public async Task A_daemon_that_ends_at_the_same_records_at_each_start_writes_their_letters_once()
    {
        _pipeline.Options.MaxBatchDelay = TimeSpan.FromMinutes(1);
        string[] failing = [.. Enumerable.Range(0, RecordGuard.MostInARow + 1).Select(i => $"fail{i}")];
        await _pipeline.Open().AppendAsync(["bad", .. failing]);
        for (var start = 0; start < 3; start++)
        {
            _pipeline.Run();
            Assert.That(async () => await _pipeline.Grinding.WaitAsync(Changes.Patience), Throws.InvalidOperationException);
            Assert.That(_pipeline.Spool.Cursors.Delivered, Is.EqualTo(SpoolPosition.Start));
            Assert.That(Letters(), Is.EqualTo(failing[..^1].Select(w => $"{w} {RecordGuard.Reason}").Prepend("bad decode_error")));
            await _pipeline.ReopenAsync();
        }
    }

    string[] Letters() =>
        [.. _pipeline.DeadLetterLines.Select(l => JsonDocument.Parse(l).RootElement).Select(l => $"{l.GetProperty("record_text")} {l.GetProperty("reason")}")];

    [Test]
    public async Task Leaves_the_first_record_in_the_spool_until_the_device_lists_are_there()
    {
        var first = Waiting();
        await _pipeline.Open().AppendAsync("a");
        _pipeline.Run();
        await _pipeline.Changes.UntilAsync(() => _pipeline.Time.Timers > 0);
        var ends = await _pipeline.AppendAsync("b");
        Assert.That(_pipeline.Ground, Is.Empty);
        Assert.That(_pipeline.Grinder.Freeze(), Is.EqualTo(_pipeline.Grinder.Position), "metrics are collected meanwhile");

        first.Delivered("one");
        await _pipeline.GroundAsync("b");
        Assert.That(_pipeline.Grinder.Position, Is.EqualTo(ends[0]));
    }

    [Test]
    public async Task Stops_while_it_waits_for_device_lists_and_loses_nothing()
    {
        _ = Waiting();
        await _pipeline.Open().AppendAsync("a");
        _pipeline.Run();
        await _pipeline.Changes.UntilAsync(() => _pipeline.Time.Timers > 0);
        await _pipeline.StopGrindingAsync();
        Assert.That(_pipeline.Ground, Is.Empty);

        _pipeline.FirstDevices = null;
        await _pipeline.ReopenAsync();
        _pipeline.Run();
        await _pipeline.GroundAsync("a");
    }

    FirstDevices Waiting() =>
        _pipeline.FirstDevices = new FirstDevices([("one", "one")], TimeSpan.FromSeconds(30), _pipeline.Time, NullLogger<FirstDevices>.Instance);
}
