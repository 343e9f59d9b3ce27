using System.Text;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Poll;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed partial class LogPollerTests : IAsyncDisposable
{
    const string Tags = "{tailscale.collector=flowlogs,tailscale.tailnet=example.com}";

    static readonly ApiFailure Busy = new(ApiState.TransientFailure, 429, "listNetworkFlowLogs: HTTP 429", TimeSpan.FromMinutes(3));

    static readonly ApiFailure Slow = new(ApiState.TransientFailure, 0, "listNetworkFlowLogs took too long", MayBeSize: true);

    readonly ManualTime _time = new();
    readonly LogServer _server;
    readonly PollHouse _house;

    public LogPollerTests()
    {
        _server = new LogServer(_time);
        _house = new PollHouse(_time, _server);
    }

    DateTimeOffset Start { get; set; }

    [SetUp]
    public void Begin() => Start = _server.Now;

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Test]
    public async Task The_first_window_reaches_back_as_far_as_it_is_told()
    {
        await _house.OpenAsync();

        await _house.Poller.PollAsync(default);

        Assert.That(_server.Requests, Is.EqualTo(new[] { (Start.AddMinutes(-7), Start.AddMinutes(-2)) }));
        Assert.That(_house.Cursor!.Value.Time, Is.EqualTo(Start.AddMinutes(-2)));
    }

    [Test]
    public async Task Windows_begin_an_overlap_before_the_cursor()
    {
        await _house.OpenAsync();

        await _house.RunAsync(TimeSpan.FromMinutes(10));

        Assert.That(_server.Requests, Has.Count.EqualTo(10));
        Assert.That(_server.Requests[9].To, Is.EqualTo(Start.AddMinutes(7)).Within(TimeSpan.FromSeconds(1)));
        Assert.That(_server.Requests[9].From, Is.EqualTo(Start.AddMinutes(6 - 5)).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task A_tailnet_whose_name_must_not_leave_has_a_cursor_all_the_same()
    {
        _server.Settings = _server.Settings with { Label = "#1" };
        await _house.OpenAsync();

        await _house.RunAsync(TimeSpan.FromMinutes(10));

        Assert.That(_server.Requests[9].From, Is.EqualTo(Start.AddMinutes(6 - 5)).Within(TimeSpan.FromSeconds(1)));
        Assert.That(_house.Poller.Tailnet, Is.EqualTo("#1"));
    }

    [Test]
    public async Task Without_an_overlap_a_window_begins_where_the_one_before_ended()
    {
        _server.Settings = _server.Settings with { ReplayOverlap = TimeSpan.Zero };
        await _house.OpenAsync();

        await _house.RunAsync(TimeSpan.FromMinutes(10));

        Assert.That(_server.Requests.Skip(1).Select(r => r.From), Is.EqualTo(_server.Requests.SkipLast(1).Select(r => r.To)));
    }

    [Test]
    public async Task Records_that_are_stored_late_are_found_within_the_overlap()
    {
        // Up to lag + overlap = 7 minutes late, at times that hit the edges of windows.
        _server.Fill(Start.AddMinutes(-2), Start.AddHours(3), TimeSpan.FromSeconds(7), n => TimeSpan.FromSeconds(n * 37 % 420));
        await _house.OpenAsync();

        await _house.RunAsync(TimeSpan.FromHours(4));

        Assert.That(_server.Until(Start.AddHours(3), Start).Except(_house.Records()), Is.Empty);
        Assert.That(_server.Requests, Has.Count.LessThanOrEqualTo(241));
    }

    [Test]
    public async Task A_week_is_fetched_whole_with_one_request_a_tick()
    {
        _server.Settings = _server.Settings with { Interval = TimeSpan.FromMinutes(5) };
        _server.Fill(Start, Start.AddDays(7), TimeSpan.FromMinutes(2), n => TimeSpan.FromSeconds(n % 100));
        await _house.OpenAsync();

        for (var day = 0; day < 7; day++)
        {
            await _house.RunAsync(TimeSpan.FromDays(1));
            await (day % 2 == 0 ? _house.RestartAsync() : _house.CrashAsync());
        }

        _house.AssertWhole(Start);
        Assert.That(_server.Requests, Has.Count.LessThanOrEqualTo((7 * 288) + 14));
        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThan(Start.AddDays(7).AddMinutes(-8)));
    }

    [Test]
    public async Task Every_record_is_one_log_record_after_deduplication()
    {
        _server.Fill(Start, Start.AddHours(2), TimeSpan.FromSeconds(30));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromHours(1));
        await _house.CrashAsync();
        await _house.RunAsync(TimeSpan.FromHours(2));

        var outcomes = FlowOutcomes.Of(_house.Spool);

        Assert.That(outcomes[ProcessOutcome.Mapped], Is.EqualTo(_server.Count));
        Assert.That(outcomes[ProcessOutcome.Duplicate], Is.InRange(_server.Count, _server.Count * 7));
        Assert.That(outcomes.Keys, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_day_away_is_caught_up_at_once_in_windows_and_without_overlap()
    {
        _server.Fill(Start, Start.AddDays(1), TimeSpan.FromMinutes(1));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(10));
        await _house.RestartAsync();
        _time.Advance(TimeSpan.FromDays(1));
        _server.Requests.Clear();

        await _house.RunAsync(TimeSpan.FromMinutes(1));

        _house.AssertWhole(Start);
        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThan(_server.Now.AddMinutes(-4)));
        Assert.That(_server.Requests, Has.Count.LessThanOrEqualTo(27));
        Assert.That(_server.Requests.Max(r => r.To - r.From), Is.LessThanOrEqualTo(TimeSpan.FromHours(1)));
        Assert.That(_house.Records(), Has.Count.LessThan(_server.Count * 11 / 10));
    }

    [Test]
    public async Task After_an_absence_longer_than_repeats_are_recognised_there_is_no_overlap()
    {
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(30));
        await _house.RestartAsync();
        _time.Advance(TimeSpan.FromHours(30));
        _server.Requests.Clear();
        var cursor = _house.Cursor!.Value.Time;

        await _house.Poller.PollAsync(default);

        Assert.That(_server.Requests[0].From, Is.EqualTo(cursor));
    }

    [Test]
    public async Task A_fast_clock_skips_nothing()
    {
        _server.Fill(Start, Start.AddHours(2), TimeSpan.FromSeconds(11));
        _time.Jump(TimeSpan.FromHours(5));
        await _house.OpenAsync();

        await _house.RunAsync(TimeSpan.FromMinutes(30));
        await _house.RestartAsync();
        await _house.RunAsync(TimeSpan.FromHours(2));

        _house.AssertWhole(Start);
        Assert.That(_house.Cursor!.Value.Time, Is.InRange(_server.Now.AddMinutes(-5), _server.Now.AddMinutes(-2)));
        Assert.That(_server.Requests, Has.Count.LessThan(170));
        Assert.That(_house.Log.Lines.Count(l => l.Contains("the clock of this machine is ahead", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public async Task A_slow_clock_is_not_late()
    {
        _server.Fill(Start, Start.AddHours(2), TimeSpan.FromSeconds(11));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(30));
        _time.Jump(TimeSpan.FromDays(-2));
        await _house.RestartAsync();

        await _house.RunAsync(TimeSpan.FromHours(2));

        _house.AssertWhole(Start);
        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThan(_server.Now.AddMinutes(-5)));
        Assert.That(_house.Log.Lines, Has.None.Contains("is in Tailscale's future"));
    }

    [TestCase(-3)]
    [TestCase(40)]
    public async Task A_clock_that_is_off_at_the_very_first_start_misplaces_nothing(int days)
    {
        _server.Fill(Start.AddMinutes(-10), Start.AddHours(1), TimeSpan.FromSeconds(11));
        _time.Jump(TimeSpan.FromDays(days));
        await _house.OpenAsync();

        await _house.RunAsync(TimeSpan.FromHours(1));

        _house.AssertWhole(Start.AddMinutes(-6));
        Assert.That(_house.Cursor!.Value.Time, Is.InRange(_server.Now.AddMinutes(-5), _server.Now.AddMinutes(-2)));
        Assert.That(_house.Meter["tailscale2otel.poll.gap" + Tags], Is.Zero);
    }

    [Test]
    public async Task A_server_that_does_not_say_its_time_is_polled_by_the_clock_here()
    {
        _server.SaysTime = false;
        _server.Fill(Start, Start.AddHours(2), TimeSpan.FromSeconds(11));
        await _house.OpenAsync();

        await _house.RunAsync(TimeSpan.FromHours(1));
        await _house.CrashAsync();
        await _house.RunAsync(TimeSpan.FromHours(1));

        _house.AssertWhole(Start);
        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThan(_server.Now.AddMinutes(-5)));
    }

    [Test]
    public async Task A_cursor_in_the_future_of_the_server_is_not_waited_for()
    {
        _server.SaysTime = false;
        _time.Jump(TimeSpan.FromDays(300));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(5));
        _time.Jump(TimeSpan.FromDays(-300));
        _server.SaysTime = true;
        _server.Fill(Start, Start.AddHours(2), TimeSpan.FromSeconds(11));

        await _house.RestartAsync();
        await _house.RunAsync(TimeSpan.FromHours(1));

        Assert.That(_server.Until(_house.Cursor!.Value.Time, Start.AddMinutes(5)).Except(_house.Records()), Is.Empty);
        Assert.That(_house.Cursor!.Value.Time, Is.InRange(_server.Now.AddMinutes(-5), _server.Now.AddMinutes(-2)));
        Assert.That(_house.Log.Lines.Count(l => l.Contains("is in Tailscale's future", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_gap_that_Tailscale_has_nothing_of_is_told_once_and_counted()
    {
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(10));
        var cursor = _house.Cursor!.Value.Time;
        await _house.RestartAsync();
        _time.Advance(TimeSpan.FromDays(33));
        _server.Fill(_server.Now.AddDays(-30).AddHours(1), _server.Now, TimeSpan.FromHours(1));
        _server.Settings = _server.Settings with { MaxWindow = TimeSpan.FromDays(1) };
        await _house.RestartAsync();
        _server.Requests.Clear();

        await _house.RunAsync(TimeSpan.FromMinutes(5));

        var lost = _server.Now.AddDays(-30) - cursor;
        Assert.That(_house.Meter["tailscale2otel.poll.gap" + Tags], Is.EqualTo(lost.TotalSeconds).Within(600));
        Assert.That(_house.Log.Lines.Count(l => l.Contains("cannot be had any more", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(_house.Records(), Has.Count.GreaterThanOrEqualTo(_server.Count - 1));
        Assert.That(_server.Requests, Has.Count.LessThan(40));
    }

    [Test]
    public async Task A_429_storm_moves_nothing_and_bounds_the_requests()
    {
        _server.Fill(Start, Start.AddHours(4), TimeSpan.FromSeconds(20));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(10));
        var (before, requests) = (_house.Cursor, _server.Requests.Count);
        _server.Failure = _ => Busy;

        await _house.RunAsync(TimeSpan.FromHours(3));

        Assert.That(_house.Cursor, Is.EqualTo(before));
        Assert.That(_server.Requests.Count - requests, Is.InRange(30, 61));
        _server.Failure = _ => null;
        await _house.RunAsync(TimeSpan.FromMinutes(10));
        _house.AssertWhole(Start);
        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThan(_server.Now.AddMinutes(-5)));
    }

    [TestCase(ApiState.ScopeDenied, 403)]
    [TestCase(ApiState.Disabled, 404)]
    [TestCase(ApiState.CredentialRejected, 401)]
    [TestCase(ApiState.RequestRejected, 400)]
    public async Task No_refusal_ever_moves_the_cursor(ApiState state, int status)
    {
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(5));
        var before = _house.Cursor;
        _server.Failure = _ => new ApiFailure(state, status, "no");

        await _house.RunAsync(TimeSpan.FromHours(2));

        Assert.That(_house.Cursor, Is.EqualTo(before));
    }

    [Test]
    public async Task The_first_window_stays_where_it_was_while_the_server_is_away()
    {
        _server.Fill(Start, Start.AddHours(2), TimeSpan.FromSeconds(20));
        _server.Failure = _ => Busy;
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromHours(1));
        _server.Failure = _ => null;

        await _house.RunAsync(TimeSpan.FromMinutes(10));

        _house.AssertWhole(Start);
    }

    [Test]
    public async Task A_window_whose_answer_is_too_large_is_halved_and_grows_again()
    {
        // An hour is about 300 KB, and the answer may have 40.
        _server.Fill(Start, Start.AddHours(6), TimeSpan.FromSeconds(3));
        _server.MaxBytes = 40_000;
        _server.Settings = _server.Settings with { MaxResponseBytes = 40_000 };
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromHours(6));

        await _house.RunAsync(TimeSpan.FromMinutes(5));

        _house.AssertWhole(Start);
        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThan(_server.Now.AddMinutes(-5)));
        Assert.That(_house.Meter["tailscale2otel.poll.halvings" + Tags], Is.InRange(3, 20));

        _server.Requests.Clear();
        _time.Advance(TimeSpan.FromHours(8));
        await _house.RunAsync(TimeSpan.FromMinutes(1));
        Assert.That(_server.Requests.Max(r => r.To - r.From), Is.EqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public async Task A_window_whose_answer_never_comes_whole_is_halved_until_it_does_and_grows_again()
    {
        _server.Fill(Start, Start.AddHours(6), TimeSpan.FromSeconds(10));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromHours(6));
        _server.Failure = _ => _server.Requests[^1] is var (from, to) && to - from > TimeSpan.FromMinutes(10) ? Slow : null;

        await _house.RunAsync(TimeSpan.FromHours(1));

        _house.AssertWhole(Start);
        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThan(_server.Now.AddMinutes(-5)));
        Assert.That(_house.Meter["tailscale2otel.poll.halvings" + Tags], Is.InRange(3, 20));

        _server.Failure = _ => null;
        _server.Requests.Clear();
        _time.Advance(TimeSpan.FromHours(8));
        await _house.RunAsync(TimeSpan.FromMinutes(1));
        Assert.That(_server.Requests.Max(r => r.To - r.From), Is.EqualTo(TimeSpan.FromHours(1)));
    }

    [TestCase(true, 1)]
    [TestCase(false, 10)]
    public async Task One_failure_or_one_that_has_nothing_to_do_with_size_halves_nothing(bool mayBeSize, int failures)
    {
        await _house.OpenAsync();
        _server.Failure = n => n <= failures ? Slow with { MayBeSize = mayBeSize } : null;

        await _house.RunAsync(TimeSpan.FromHours(1));

        Assert.That(_house.Meter["tailscale2otel.poll.halvings" + Tags], Is.Zero);
        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThan(_server.Now.AddMinutes(-5)));
    }

    [Test]
    public async Task An_outage_of_hours_is_caught_up_soon_although_windows_became_short()
    {
        _server.Fill(Start, Start.AddHours(6), TimeSpan.FromSeconds(10));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(1));
        _server.Failure = _ => Slow;
        await _house.RunAsync(TimeSpan.FromHours(5));
        _server.Failure = _ => null;

        await _house.RunAsync(TimeSpan.FromMinutes(10));

        _house.AssertWhole(Start);
        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThan(_server.Now.AddMinutes(-5)));
    }

    [Test]
    public async Task An_overlap_that_does_not_fit_into_one_answer_is_asked_for_in_several()
    {
        _server.Fill(Start, Start.AddHours(1), TimeSpan.FromSeconds(1), n => TimeSpan.FromSeconds(n * 7 % 400));
        _server.MaxBytes = 6_000;
        _server.Settings = _server.Settings with { MaxResponseBytes = 6_000 };
        await _house.OpenAsync();

        await _house.RunAsync(TimeSpan.FromMinutes(80));

        Assert.That(_server.Until(Start.AddHours(1), Start).Except(_house.Records()), Is.Empty);
        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThan(_server.Now.AddMinutes(-6)));
    }

    [Test]
    public async Task A_second_that_is_too_large_fails_and_says_what_to_raise()
    {
        _server.Fill(Start, Start.AddSeconds(30), TimeSpan.FromMilliseconds(100));
        _server.MaxBytes = 1000;
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(1));

        PollResult result = default;
        for (var i = 0; i < 40 && result.Failure is null; i++)
        {
            result = await _house.Poller.PollAsync(default);
            _time.Advance(result.AgainAfter ?? TimeSpan.FromSeconds(20));
        }

        Assert.That(result.Failure!.ErrorType, Is.EqualTo("too_large"));
        Assert.That(result.Failure.Message, Does.Contain("tailscale.max_log_response_bytes"));
        Assert.That(_house.Cursor!.Value.Time, Is.LessThan(Start.AddSeconds(1)));

        _server.MaxBytes = long.MaxValue;
        await _house.RunAsync(TimeSpan.FromMinutes(10));
        _house.AssertWhole(Start);
    }

    [Test]
    public async Task A_full_spool_is_not_polled_into_and_loses_nothing()
    {
        _house.Options.MaxBytes = 1024 * 1024;
        _house.Options.SegmentBytes = 64 * 1024;
        _house.Options.Retention = TimeSpan.Zero;
        _server.Fill(Start, Start.AddHours(3), TimeSpan.FromSeconds(2));
        await _house.OpenAsync();

        PollResult result = default;
        var end = _server.Now.AddHours(2);
        while (_server.Now < end && result.Failure is null)
        {
            result = await _house.Poller.PollAsync(default);
            _time.Advance(_house.Pace.Next(result, TimeSpan.Zero));
        }

        Assert.That(result.Failure?.ErrorType, Is.EqualTo("backpressure"));
        var (cursor, requests) = (_house.Cursor, _server.Requests.Count);
        await _house.RunAsync(TimeSpan.FromMinutes(30));
        Assert.That(_house.Cursor, Is.EqualTo(cursor));
        Assert.That(_server.Requests, Has.Count.EqualTo(requests));

        HashSet<string> all = [];
        for (var i = 0; i < 200 && (_house.Cursor!.Value.Time < Start.AddHours(2) || i < 5); i++)
        {
            all.UnionWith(_house.Records());
            await _house.DeliverAsync();
            await _house.RunAsync(TimeSpan.FromMinutes(1));
        }

        all.UnionWith(_house.Records());
        Assert.That(_server.Until(_house.Cursor!.Value.Time, Start).Except(all), Is.Empty);
        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThanOrEqualTo(Start.AddHours(2)));
    }

    [Test]
    public async Task A_window_that_is_larger_than_the_spool_is_fetched_in_parts()
    {
        _house.Options.MaxBytes = 1024 * 1024;
        _house.Options.SegmentBytes = 64 * 1024;
        _house.Options.Retention = TimeSpan.Zero;
        _server.Settings = _server.Settings with { AppendBytes = 128 * 1024 };
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(1));
        // An hour is three times of what there is room for.
        _server.Fill(Start, Start.AddHours(1), TimeSpan.FromMilliseconds(250));
        _time.Advance(TimeSpan.FromHours(1));

        HashSet<string> all = [];
        for (var i = 0; i < 100 && _house.Cursor!.Value.Time < Start.AddHours(1); i++)
        {
            await _house.RunAsync(TimeSpan.FromMinutes(1));
            all.UnionWith(_house.Records());
            await _house.DeliverAsync();
        }

        Assert.That(_server.Until(Start.AddHours(1), Start).Except(all), Is.Empty);
    }

    [Test]
    public async Task Only_records_are_counted_and_the_bookkeeping_is_not()
    {
        _server.Fill(Start.AddMinutes(-5), Start.AddMinutes(-3), TimeSpan.FromSeconds(10));
        await _house.OpenAsync();

        await _house.Poller.PollAsync(default);

        Assert.That(_house.Meter["tailscale2otel.ingest.received{source=poll}"], Is.EqualTo(12));
        Assert.That(_house.Meter["tailscale2otel.ingest.accepted{source=poll}"], Is.EqualTo(12));
        Assert.That(_house.Meter["tailscale2otel.poll.records" + Tags], Is.EqualTo(12));
        Assert.That(_house.Meter["tailscale2otel.poll.windows" + Tags], Is.EqualTo(1));
        Assert.That(_house.Meter["tailscale2otel.poll.cursor.lag" + Tags], Is.EqualTo(120));
        Assert.That(_house.Records(RecordSignal.Cursor), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_large_answer_goes_into_the_spool_in_several_appends_and_the_cursor_is_in_the_last()
    {
        for (var i = 0; i < (2 * LogPageWriter.AppendRecords) + 10; i++)
            _server.Add(Start.AddMinutes(-4).AddTicks(i));
        await _house.OpenAsync();

        // At the end of the answer two appends are durable already.
        var seen = 0;
        _server.BeforeRecord = n =>
        {
            if (n == (2 * LogPageWriter.AppendRecords) + 9)
                seen = _house.Records().Count;
            Assert.That(_house.Cursor, Is.Null);
            return Task.CompletedTask;
        };
        await _house.Poller.PollAsync(default);

        Assert.That(seen, Is.EqualTo(2 * LogPageWriter.AppendRecords));
        Assert.That(_house.Records(), Has.Count.EqualTo(_server.Count));
    }

    [Test]
    public async Task A_record_of_unreasonable_size_becomes_a_dead_letter_and_stops_nothing()
    {
        _server.Add(Start.AddMinutes(-4), Encoding.UTF8.GetBytes($$"""{"nodeId":"{{new string('x', LogPageWriter.LargestRecord)}}"}"""));
        _server.Add(Start.AddMinutes(-3));
        await _house.OpenAsync();

        await _house.Poller.PollAsync(default);

        Assert.That(_house.Records(), Has.Count.EqualTo(1));
        Assert.That(_house.Records(RecordSignal.Unknown).Single(), Has.Length.EqualTo(64 * 1024).And.StartsWith("{\"nodeId\":\"xxx"));
        Assert.That(_house.Meter["tailscale2otel.poll.oversized" + Tags], Is.EqualTo(1));
        Assert.That(_house.Cursor, Is.Not.Null);
    }

    [TestCase("5")]
    [TestCase("\"text\"")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("")]
    public async Task What_is_no_record_becomes_a_dead_letter_beside_its_neighbours(string element)
    {
        _server.Add(Start.AddMinutes(-4), Encoding.UTF8.GetBytes(element));
        _server.Add(Start.AddMinutes(-3));
        await _house.OpenAsync();

        await _house.Poller.PollAsync(default);

        var outcomes = FlowOutcomes.Of(_house.Spool);
        Assert.That(outcomes, Is.EquivalentTo(new Dictionary<ProcessOutcome, int> { [ProcessOutcome.Mapped] = 1, [ProcessOutcome.DeadLetter] = 1 }));
    }

    [Test]
    public async Task Audit_records_are_kept_as_such()
    {
        _server.Settings = _server.Settings with { Feed = LogFeed.Audit };
        _server.Add(Start.AddMinutes(-4), "{\"action\":\"LOGIN\"}"u8.ToArray());
        await _house.OpenAsync();

        await _house.Poller.PollAsync(default);

        Assert.That(_house.Records(RecordSignal.Audit), Is.EqualTo(new[] { "{\"action\":\"LOGIN\"}" }));
        Assert.That(_house.Cursor, Is.Not.Null);
    }
}
