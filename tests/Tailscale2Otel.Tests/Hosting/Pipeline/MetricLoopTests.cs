using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class MetricLoopTests : IAsyncDisposable
{
    readonly PipelineHarness _pipeline = new();
    readonly CancellationTokenSource _stop = new();
    Task _looping = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looping;
        await _pipeline.DisposeAsync();
        _stop.Dispose();
    }

    [Test]
    public async Task Counted_moves_to_what_the_export_carried_and_not_before_it_succeeded()
    {
        var first = await GrindAsync("a");
        _pipeline.Metrics.Hold();

        var exporting = _pipeline.Loop.ExportAsync(default);
        await _pipeline.Changes.UntilAsync(() => _pipeline.Changes.Entries.Contains("exports"));
        await GrindMoreAsync("b");
        Assert.That(_pipeline.Spool.Cursors.Counted, Is.EqualTo(SpoolPosition.Start));
        _pipeline.Metrics.LetGo();
        await exporting;

        Assert.That(_pipeline.Spool.Cursors.Counted, Is.EqualTo(first));
        Assert.That(_pipeline.Metrics.Counted, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public async Task A_failed_export_leaves_it_to_the_next()
    {
        var end = await GrindAsync("a");
        _pipeline.Metrics.Accepts = false;
        await _pipeline.Loop.ExportAsync(default);
        Assert.That(_pipeline.Spool.Cursors.Counted, Is.EqualTo(SpoolPosition.Start));

        _pipeline.Metrics.Accepts = true;
        await _pipeline.Loop.ExportAsync(default);

        Assert.That(_pipeline.Spool.Cursors.Counted, Is.EqualTo(end));
        Assert.That(_pipeline.Metrics.Counted, Is.EqualTo(new[] { 1, 1 }), "the next carries what the first did");
    }

    [Test]
    public async Task Exports_at_the_interval()
    {
        var end = await GrindAsync("a");
        await LoopAsync();

        _pipeline.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(_pipeline.Changes.Entries, Does.Not.Contain("exports"));
        _pipeline.Clock.Advance(TimeSpan.FromSeconds(1));

        await CountedAsync(end);
    }

    [Test]
    public async Task Exports_early_when_the_spool_keeps_much_for_it()
    {
        _pipeline.Pace = new MetricPace(TimeSpan.FromHours(1), 10);
        var end = await GrindAsync("a");
        await LoopAsync();

        _pipeline.Clock.Advance(TimeSpan.FromSeconds(1));

        await CountedAsync(end);
    }

    [Test]
    public async Task Without_metrics_the_cursor_follows_the_grinder()
    {
        _pipeline.HasMetrics = false;
        var end = await GrindAsync("a");

        await _pipeline.Loop.ExportAsync(default);

        Assert.That(_pipeline.Spool.Cursors.Counted, Is.EqualTo(end));
        Assert.That(_pipeline.Changes.Entries, Does.Not.Contain("exports"));
    }

    [Test]
    public async Task Seals_the_window_early_when_the_spool_keeps_much_for_it()
    {
        _pipeline.Pace = new MetricPace(TimeSpan.FromHours(1), 100);
        await GrindAsync("a");
        await _pipeline.Loop.ExportAsync(default);
        Assert.That(_pipeline.Spool.Cursors.Keyed, Is.EqualTo(SpoolPosition.Start), "a key alone is not worth a file");

        var end = await GrindMoreAsync("b", "c", "d");
        await _pipeline.Loop.ExportAsync(default);

        Assert.That(_pipeline.Spool.Cursors.Keyed, Is.EqualTo(end));
    }

    async Task<SpoolPosition> GrindAsync(params string[] words)
    {
        _pipeline.Exporter.AcceptsAll = true;
        _pipeline.Open().Run();
        return await GrindMoreAsync(words);
    }

    async Task<SpoolPosition> GrindMoreAsync(params string[] words)
    {
        var ends = await _pipeline.AppendAsync(words);
        await _pipeline.DeliveredAsync(ends[^1]);
        return ends[^1];
    }

    async Task LoopAsync()
    {
        var timers = _pipeline.Time.Timers;
        _looping = Task.Run(() => _pipeline.Loop.RunAsync(_stop.Token));
        await _pipeline.Changes.UntilAsync(() => _pipeline.Time.Timers > timers);
    }

    Task CountedAsync(SpoolPosition position) => _pipeline.Changes.UntilAsync(() => _pipeline.Spool.Cursors.Counted == position);
}
