using System.Text.Json;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class DeliveryTests : IAsyncDisposable
{
    readonly PipelineHarness _pipeline = new();

    public ValueTask DisposeAsync() => _pipeline.DisposeAsync();

    [Test]
    public async Task The_cursor_follows_the_oldest_batch_whatever_the_order_of_the_answers()
    {
        (_pipeline.Options.MaxBatchRecords, _pipeline.Options.MaxInFlight) = (1, 3);
        var ends = await _pipeline.Open().AppendAsync("a", "b", "c");
        _pipeline.Run();
        HeldDelivery[] batches = [await _pipeline.Exporter.NextAsync(), await _pipeline.Exporter.NextAsync(), await _pipeline.Exporter.NextAsync()];

        batches[2].Accept();
        batches[1].Accept();
        await _pipeline.Changes.UntilAsync(() => _pipeline.Exporter.UnderWay == 1);
        Assert.That(Moves(), Is.Empty);

        batches[0].Accept();
        await _pipeline.DeliveredAsync(ends[2]);
        await _pipeline.Changes.UntilAsync(() => batches.All(b => b.Batch.IsDisposed));
    }

    [Test]
    public async Task A_place_in_flight_is_free_only_behind_a_durable_cursor()
    {
        (_pipeline.Options.MaxBatchRecords, _pipeline.Options.MaxInFlight) = (1, 2);
        var ends = await _pipeline.Open().AppendAsync("a", "b", "c", "d");
        var mayDeliver = new TaskCompletionSource();
        _pipeline.Spool.MayDeliver = mayDeliver.Task;
        _pipeline.Run();

        var first = await _pipeline.Exporter.NextAsync();
        await _pipeline.Exporter.NextAsync();
        first.Accept();
        await _pipeline.Changes.UntilAsync(() => Moves().Any());
        Assert.That(_pipeline.Changes.Entries, Does.Not.Contain("offered c"));

        mayDeliver.SetResult();
        Assert.That((await _pipeline.Exporter.NextAsync()).Bodies, Is.EqualTo(new[] { "c" }));
        var order = _pipeline.Changes.Entries.ToList();
        Assert.That(order.IndexOf($"delivered {ends[0]}"), Is.LessThan(order.IndexOf("offered c")).And.GreaterThan(0));
        Assert.That(_pipeline.Exporter.UnderWay, Is.EqualTo(2));
    }

    [Test]
    public async Task A_refused_record_is_one_dead_letter_with_the_backends_words()
    {
        var ends = await _pipeline.Open().AppendAsync("a", "multi", "b");
        _pipeline.Run();

        await (await _pipeline.Exporter.NextAsync()).RefuseAsync("multi", 400, "not like this");
        await _pipeline.DeliveredAsync(ends[2]);

        var letter = JsonDocument.Parse(_pipeline.DeadLetterLines.Single()).RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(letter.GetProperty("record_text").GetString(), Is.EqualTo("multi"));
            Assert.That(letter.GetProperty("reason").GetString(), Is.EqualTo("refused_by_backend"));
            Assert.That(letter.GetProperty("status").GetInt32(), Is.EqualTo(400));
            Assert.That(letter.GetProperty("message").GetString(), Is.EqualTo("not like this"));
            Assert.That((_pipeline.Counts.Delivered, _pipeline.Counts.DeadLetters, _pipeline.Counts.LogRecords), Is.EqualTo((2, 1, 2)));
        });
    }

    [Test]
    public async Task A_refused_record_that_cannot_be_written_holds_the_cursor()
    {
        var ends = await _pipeline.Open().AppendAsync("a", "b");
        Directory.CreateDirectory(_pipeline.DeadLetterPath);
        _pipeline.Run();

        var refusing = (await _pipeline.Exporter.NextAsync()).RefuseAsync("a", 400, "no");
        Assert.That(refusing.IsCompleted, Is.False);
        Directory.Delete(_pipeline.DeadLetterPath);
        _pipeline.Clock.Advance(TimeSpan.FromSeconds(1));
        await refusing;
        await _pipeline.DeliveredAsync(ends[1]);

        Assert.That(_pipeline.DeadLetterLines, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task An_abandoned_delivery_leaves_the_cursor_where_it_was()
    {
        await _pipeline.Open().AppendAsync("a", "b");
        _pipeline.Run();
        var batch = await _pipeline.Exporter.NextAsync();

        _pipeline.Abandon();

        Assert.That(async () => await _pipeline.Delivering.WaitAsync(Changes.Patience), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(batch.Batch.IsDisposed);
        Assert.That((_pipeline.Spool.Cursors.Delivered, _pipeline.Counts.Closed), Is.EqualTo((SpoolPosition.Start, 0)));
        await _pipeline.ReopenAsync();
        _pipeline.Run();
        Assert.That((await _pipeline.Exporter.NextAsync()).Bodies, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task Every_record_is_counted_as_one_thing()
    {
        _pipeline.Options.MaxBatchRecords = 4;
        string[] words = ["a", "bad", "drop", "a", "cursor", "multi", "b", "a", "c", "drop2", "bad2", "d", "d"];
        var ends = await _pipeline.Open().AppendAsync(words);
        _pipeline.Run();

        (await _pipeline.Exporter.NextAsync()).Accept();
        await (await _pipeline.Exporter.NextAsync()).RefuseAsync("b", 413, "too large");
        (await _pipeline.Exporter.NextAsync()).Accept();
        (await _pipeline.Exporter.NextAsync()).Accept();
        await _pipeline.DeliveredAsync(ends[^1]);

        var counts = _pipeline.Counts;
        Assert.That((counts.Delivered, counts.Duplicates, counts.DeadLetters, counts.Dropped), Is.EqualTo((4, 3, 3, 2)));
        Assert.That(counts.Closed, Is.EqualTo(words.Length - 1), "the cursor frame is nobody's record");
        Assert.That(_pipeline.DeadLetterLines, Has.Length.EqualTo(counts.DeadLetters));
    }

    IEnumerable<string> Moves() => _pipeline.Changes.Entries.Where(e => e.StartsWith("delivers", StringComparison.Ordinal));
}
