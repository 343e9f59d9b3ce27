using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class PipelineWorkerTests : IAsyncDisposable
{
    readonly PipelineHarness _pipeline = new();

    public ValueTask DisposeAsync() => _pipeline.DisposeAsync();

    [Test]
    public async Task Stops_in_the_order_of_the_flow()
    {
        _pipeline.Options.MaxBatchDelay = TimeSpan.FromMinutes(1);
        var end = (await StartAsync("a"))[0];
        await _pipeline.GroundAsync("a");

        var stopping = _pipeline.Worker.StopAsync(default);
        var partial = await _pipeline.Exporter.NextAsync();
        Assert.That(stopping.IsCompleted, Is.False);
        partial.Accept();
        await stopping.WaitAsync(Changes.Patience);

        string[] steps = ["offered a", $"delivered {end}", "exports", $"counted {end}", $"keyed {end}"];
        Assert.That(_pipeline.Changes.Entries.Where(steps.Contains), Is.EqualTo(steps));
        Assert.That(_pipeline.Worker.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Test]
    public async Task The_grace_period_ends_a_hanging_delivery_and_nothing_is_lost()
    {
        _pipeline.Shutdown.DeliveryGrace = TimeSpan.FromSeconds(15);
        var end = (await StartAsync("a"))[0];
        await _pipeline.Exporter.NextAsync();

        var stopping = _pipeline.Worker.StopAsync(default);
        _pipeline.Clock.Advance(TimeSpan.FromSeconds(14));
        Assert.That(stopping.IsCompleted, Is.False);
        _pipeline.Clock.Advance(TimeSpan.FromSeconds(1));
        await stopping.WaitAsync(Changes.Patience);

        Assert.That(_pipeline.Spool.Cursors.Delivered, Is.EqualTo(SpoolPosition.Start));
        Assert.That(_pipeline.Spool.Cursors.Counted, Is.EqualTo(end), "the metrics do not wait for the log records");
        Assert.That(_pipeline.Worker.ExecuteTask!.IsCompletedSuccessfully);
        await RestartAsync();
        Assert.That((await _pipeline.Exporter.NextAsync()).Bodies, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task A_batch_that_finds_no_place_before_the_stop_stays_in_the_spool()
    {
        (_pipeline.Options.MaxBatchRecords, _pipeline.Options.MaxInFlight) = (1, 1);
        var ends = await StartAsync("a", "b", "c");
        var first = await _pipeline.Exporter.NextAsync();
        await _pipeline.GroundAsync("b");

        var stopping = _pipeline.Worker.StopAsync(default);
        // The stop must have reached the batch that waits, or the place of the first may still become its own.
        await _pipeline.Changes.UntilAsync(() => _pipeline.Changes.Entries.Contains("returned"));
        first.Accept();
        await stopping.WaitAsync(Changes.Patience);
        Assert.That(_pipeline.Spool.Cursors.Delivered, Is.EqualTo(ends[0]));

        await RestartAsync();
        var second = await _pipeline.Exporter.NextAsync();
        second.Accept();
        Assert.That(second.Bodies.Concat((await _pipeline.Exporter.NextAsync()).Bodies), Is.EqualTo(new[] { "b", "c" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_bug_in_the_exporter_ends_the_worker_as_faulted(bool isCancellation)
    {
        Exception bug = isCancellation ? new OperationCanceledException("nobody asked for that") : new InvalidDataException("a bug");
        _pipeline.Exporter.Bug = bug;
        await StartAsync("a");

        var fault = Assert.CatchAsync(async () => await _pipeline.Worker.ExecuteTask!.WaitAsync(Changes.Patience));

        Assert.That(_pipeline.Worker.ExecuteTask!.IsFaulted, Is.True);
        Assert.That(fault, Is.SameAs(bug).Or.InnerException.SameAs(bug));
        Assert.That(_pipeline.Spool.Cursors.Delivered, Is.EqualTo(SpoolPosition.Start));
    }

    [Test]
    public async Task A_bug_that_shows_at_the_stop_is_not_swallowed()
    {
        await StartAsync("a");
        var batch = await _pipeline.Exporter.NextAsync();

        var stopping = _pipeline.Worker.StopAsync(default);
        batch.Fail(new InvalidDataException("a bug"));
        await stopping.WaitAsync(Changes.Patience);

        Assert.That(_pipeline.Worker.ExecuteTask!.Exception!.InnerException, Is.InstanceOf<InvalidDataException>());
    }

    async Task<SpoolPosition[]> StartAsync(params string[] words)
    {
        var ends = await _pipeline.Open().AppendAsync(words);
        await _pipeline.Worker.StartAsync(default);
        return ends;
    }

    async Task RestartAsync()
    {
        await _pipeline.ReopenAsync();
        await _pipeline.Worker.StartAsync(default);
    }
}
