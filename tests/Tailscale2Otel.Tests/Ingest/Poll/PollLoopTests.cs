using Microsoft.Extensions.Logging;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Poll;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PollLoopTests : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    static readonly ApiFailure Down = new(ApiState.TransientFailure, 503, "listNetworkFlowLogs: HTTP 503");
    static readonly ApiFailure Denied = new(ApiState.ScopeDenied, 403, "listNetworkFlowLogs: HTTP 403, the scope logs:network:read is missing");

    readonly ManualTime _time = new();
    readonly CollectingMeter _meter = new();
    readonly CollectingLogger _log = new();
    readonly Health _health = new();
    readonly CancellationTokenSource _stop = new();
    double _jitter;

    public void Dispose()
    {
        _stop.Dispose();
        _meter.Dispose();
        _log.Dispose();
    }

    [TestCase(0, 0)]
    [TestCase(0.5, 1.5)]
    [TestCase(0.999, 2.997)]
    public void The_first_run_is_staggered_by_less_than_three_seconds(double jitter, double expected)
    {
        _jitter = jitter;
        var poller = Start((_, _) => Task.FromResult(PollResult.Done));

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.That(poller.Runs, Is.EqualTo(new[] { expected }).Within(0.001));
    }

    [Test]
    public void The_first_run_of_a_short_interval_begins_within_it() =>
        Assert.That(new PollPace(TimeSpan.FromSeconds(1), () => 0.999).Stagger(), Is.LessThan(TimeSpan.FromSeconds(1)));

    [Test]
    public void Runs_follow_at_the_interval()
    {
        var poller = Start((_, _) => Task.FromResult(PollResult.Done));

        _time.Advance(TimeSpan.FromSeconds(200));

        Assert.That(poller.Runs, Is.EqualTo(new[] { 0, 60, 120, 180 }));
    }

    [Test]
    public async Task A_long_run_is_not_overlapped_and_its_missed_ticks_are_one()
    {
        var running = 0;
        var most = 0;
        var poller = Start(async (run, stop) =>
        {
            most = Math.Max(most, ++running);
            if (run == 1)
                await Task.Delay(TimeSpan.FromSeconds(150), _time, stop);
            running--;
            return PollResult.Done;
        });

        await AdvanceAsync(300, () => poller.Runs.Count >= 4);

        Assert.That(most, Is.EqualTo(1));
        Assert.That(poller.Runs.Take(4), Is.EqualTo(new[] { 0, 151, 211, 271 }).Within(1.5));
    }

    [Test]
    public void What_is_left_is_fetched_without_waiting_for_the_interval()
    {
        var poller = Start((run, _) => Task.FromResult(run < 3 ? PollResult.Again(TimeSpan.FromSeconds(1)) : PollResult.Done));

        _time.Advance(TimeSpan.FromSeconds(63));

        Assert.That(poller.Runs, Is.EqualTo(new[] { 0, 1, 2, 62 }));
    }

    [Test]
    public void Repeated_failures_wait_longer_and_longer_up_to_five_minutes()
    {
        var poller = Start((_, _) => Task.FromResult(PollResult.Failed(Down)));

        _time.Advance(TimeSpan.FromMinutes(30));

        Assert.That(poller.Runs, Is.EqualTo(new[] { 0, 60, 180, 420, 720, 1020, 1320, 1620 }));
    }

    [Test]
    public void The_wait_after_failures_is_spread_by_a_quarter()
    {
        _jitter = 0.999;
        var poller = Start((_, _) => Task.FromResult(PollResult.Failed(Down)));

        _time.Advance(TimeSpan.FromSeconds(300));

        Assert.That(poller.Runs[2] - poller.Runs[1], Is.EqualTo(150).Within(0.1));
    }

    [TestCase(1, 60)]
    [TestCase(240, 240)]
    [TestCase(100_000, 3600)]
    public void The_server_may_ask_for_more_time_but_not_for_ever(int asked, int waited)
    {
        var poller = Start((run, _) => Task.FromResult(run == 1 ? PollResult.Failed(Down with { RetryAfter = TimeSpan.FromSeconds(asked) }) : PollResult.Done));

        _time.Advance(TimeSpan.FromSeconds(3601));

        Assert.That(poller.Runs[1], Is.EqualTo(waited));
    }

    [Test]
    public void A_lasting_state_that_the_client_told_is_told_no_more_and_asked_about_every_ten_minutes()
    {
        var poller = Start((_, _) => Task.FromResult(PollResult.Failed(Denied)));

        _time.Advance(TimeSpan.FromHours(6));

        Assert.That(poller.Runs, Has.Count.EqualTo(37));
        Assert.That(_log.Lines, Is.Empty);
        Assert.That(_health.Advices, Is.EqualTo(new[] { KeyValuePair.Create("flowlogs", Denied.Message) }));
    }

    [Test]
    public void A_lasting_state_that_nobody_told_is_told_once_and_another_one_too()
    {
        var denied = PollFailure.Of(Denied) with { IsTold = false };
        var gone = denied with { ErrorType = "disabled", Message = "not on this plan" };
        Start((run, _) => Task.FromResult(run switch { < 3 => PollResult.Failed(denied), < 5 => PollResult.Failed(gone), _ => PollResult.Done }));

        _time.Advance(TimeSpan.FromMinutes(59));

        Assert.That(_log.Lines, Has.Count.EqualTo(2));
        Assert.That(_log.Lines[0], Does.Contain("logs:network:read"));
        Assert.That(_log.Lines[1], Does.Contain("not on this plan"));
        Assert.That(_health.Advices, Is.Empty);
    }

    [Test]
    public void A_failure_that_the_client_told_is_told_again_only_while_it_goes_on()
    {
        using var log = new CollectingLogger { Lowest = LogLevel.Information };
        var report = new PollReport("flowlogs", _health, _time, log);
        for (var minute = 0; minute < 120; minute++)
        {
            if (minute % 30 < 15)
                report.Failed(PollFailure.Of(Down), Interval, null);
            else
                report.Succeeded();
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.That(log.Lines, Has.Count.EqualTo(4).And.All.Contains("11 runs failed in a row"));
        Assert.That(_health.Advices, Is.Empty);
    }

    [Test]
    public void An_outage_of_a_day_is_a_line_every_ten_minutes_at_most()
    {
        var poller = Start((_, _) => Task.FromResult(PollResult.Failed(Down)));

        _time.Advance(TimeSpan.FromDays(1));

        Assert.That(poller.Runs, Has.Count.LessThan(300));
        Assert.That(_log.Lines, Has.Count.InRange(90, 145));
        Assert.That(_meter["tailscale2otel.scrape.errors{tailscale.collector=flowlogs,error.type=transient_failure}"], Is.EqualTo(poller.Runs.Count));
    }

    [Test]
    public void A_spool_without_room_is_asked_at_every_tick()
    {
        var poller = Start((run, _) => Task.FromResult(run < 5 ? PollResult.Failed(PollFailure.Held("no room")) : PollResult.Done));

        _time.Advance(TimeSpan.FromSeconds(240));

        Assert.That(poller.Runs, Is.EqualTo(new[] { 0, 60, 120, 180, 240 }));
        Assert.That(_log.Lines, Has.Count.EqualTo(1));
        Assert.That(_meter["tailscale2otel.scrape.errors{tailscale.collector=flowlogs,error.type=backpressure}"], Is.EqualTo(4));
    }

    [Test]
    public void A_spool_on_the_edge_of_full_is_told_once_in_ten_minutes_and_so_is_its_end()
    {
        using var log = new CollectingLogger { Lowest = LogLevel.Information };
        var report = new PollReport("flowlogs", _health, _time, log);
        for (var second = 0; second < 1500; second++)
        {
            if (second % 2 == 0)
                report.Failed(PollFailure.Held("no room"), Interval, null);
            else
                report.Succeeded();
            Assert.That(_health.Advices.Count, Is.EqualTo(1 - (second % 2)));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(log.Lines.Count(l => l.Contains("no room", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(log.Lines.Count(l => l.Contains("works again", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test]
    public void An_exception_is_a_failed_run_with_its_stack_in_the_log()
    {
        var poller = Start((run, _) => run == 1 ? throw new InvalidOperationException("a mistake") : Task.FromResult(PollResult.Done));

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.That(poller.Runs, Is.EqualTo(new[] { 0, 60 }));
        Assert.That(_log.Lines, Has.Count.EqualTo(1).And.All.Contains("PollLoopTests").And.All.Contains("a mistake"));
        Assert.That(_meter["tailscale2otel.scrape.errors{tailscale.collector=flowlogs,error.type=panic}"], Is.EqualTo(1));
        Assert.That(_health.Advices, Is.Empty);
    }

    [Test]
    public void A_cancellation_that_nobody_asked_for_is_a_failed_run()
    {
        var poller = Start((run, _) => run == 1 ? throw new OperationCanceledException() : Task.FromResult(PollResult.Done));

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.That(poller.Runs, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_stop_ends_a_run_under_way_and_is_no_failure()
    {
        var poller = new ScriptedPoller(_time, Interval, async (_, stop) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
            return PollResult.Done;
        });
        var loop = Run(poller);
        _time.Advance(TimeSpan.FromSeconds(3));

        await _stop.CancelAsync();
        await loop.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(poller.Runs, Has.Count.EqualTo(1));
        Assert.That(_log.Lines, Is.Empty);
        Assert.That(_health.Advices, Is.Empty);
        Assert.That(_meter.Series.Where(s => s.Contains("scrape.errors", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void A_poller_that_hangs_or_throws_holds_up_no_other()
    {
        Start((_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, _time, stop).ContinueWith(_ => PollResult.Done, TaskScheduler.Default), "hangs");
        Start((_, _) => throw new InvalidOperationException(), "throws");
        var sound = Start((_, _) => Task.FromResult(PollResult.Done), "sound");

        _time.Advance(TimeSpan.FromSeconds(180));

        Assert.That(sound.Runs, Is.EqualTo(new[] { 0, 60, 120, 180 }));
        Assert.That(_meter["tailscale2otel.scrape.staleness{tailscale.collector=hangs}"], Is.EqualTo(180));
        Assert.That(_meter["tailscale2otel.scrape.staleness{tailscale.collector=sound}"], Is.Zero);
    }

    [Test]
    public void The_instruments_say_how_the_last_run_went()
    {
        var poller = new ScriptedPoller(_time, Interval, (run, _) => Task.FromResult(run == 1 ? PollResult.Done : PollResult.Failed(Down))) { Tailnet = "example.com" };
        _ = Run(poller);
        _time.Advance(TimeSpan.FromSeconds(30));
        const string tags = "{tailscale.collector=flowlogs,tailscale.tailnet=example.com}";

        Assert.That(_meter["tailscale2otel.scrape.success" + tags], Is.EqualTo(1));
        Assert.That(_meter["tailscale2otel.scrape.last_timestamp" + tags], Is.EqualTo(_time.GetUtcNow().ToUnixTimeSeconds() - 30));
        Assert.That(_meter["tailscale2otel.scrape.staleness" + tags], Is.EqualTo(30));

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.That(_meter["tailscale2otel.scrape.success" + tags], Is.Zero);
        Assert.That(_meter["tailscale2otel.scrape.staleness" + tags], Is.EqualTo(90));
        Assert.That(_health.Advices.Single().Key, Is.EqualTo("flowlogs example.com"));
    }

    [Test]
    public async Task Duration_and_budget_are_those_of_the_last_run()
    {
        var poller = Start(async (_, stop) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(6), _time, stop);
            return PollResult.Done;
        });

        await AdvanceAsync(30, () => _meter["tailscale2otel.scrape.duration{tailscale.collector=flowlogs}"] > 0);

        Assert.That(_meter["tailscale2otel.scrape.duration{tailscale.collector=flowlogs}"], Is.EqualTo(6).Within(1));
        Assert.That(_meter["tailscale2otel.scrape.budget{tailscale.collector=flowlogs}"], Is.EqualTo(0.1).Within(0.02));
        Assert.That(poller.Runs, Is.Not.Empty);
    }

    ScriptedPoller Start(Func<int, CancellationToken, Task<PollResult>> answer, string collector = "flowlogs")
    {
        var poller = new ScriptedPoller(_time, Interval, answer) { Collector = collector };
        _ = Run(poller);
        return poller;
    }

    Task Run(IPoller poller) =>
        new PollLoop(poller, new ScrapeMetrics(_meter.Meter, _time), _health, _time, new Logger<PollLoop>(new LoggerFactory([_log])), () => _jitter).RunAsync(_stop.Token);

    /// <summary>Second by second, since what a run waits for is made on another thread.</summary>
    async Task AdvanceAsync(int seconds, Func<bool> until)
    {
        for (var i = 0; i < seconds && !until(); i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            for (var spin = 0; spin < 20; spin++)
                await Task.Yield();
        }
    }
}
