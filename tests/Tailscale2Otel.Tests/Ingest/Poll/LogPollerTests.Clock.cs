namespace Tailscale2Otel.Tests.Ingest.Poll;

sealed partial class LogPollerTests
{
    /// <summary>1970, as far as whoever asks is concerned.</summary>
    static readonly TimeSpan Epoch = TimeSpan.FromDays(-20_000);

    static readonly TimeSpan[] Wrong = [TimeSpan.FromDays(365), TimeSpan.FromHours(2), TimeSpan.FromHours(-2), Epoch];

    [Test]
    public async Task One_wrong_date_moves_no_cursor_astray([ValueSource(nameof(Wrong))] TimeSpan wrong, [Values(1, 2, 11)] int request)
    {
        _server.Fill(Start.AddMinutes(-10), Start.AddHours(2), TimeSpan.FromSeconds(11), n => TimeSpan.FromSeconds(n * 29 % 400));
        _server.Misreads = n => n == request ? wrong : TimeSpan.Zero;
        await _house.OpenAsync();

        await AssertSteadyAsync(TimeSpan.FromMinutes(30));

        var settled = _house.Cursor!.Value.Settled;
        Assert.That(_server.Until(settled, Start.AddMinutes(-6)).Except(_house.Records()), Is.Empty);
        Assert.That(_house.Cursor!.Value.Time, Is.InRange(_server.Now.AddMinutes(-5), _server.Now.AddMinutes(-2)));
        Assert.That(_server.Requests.Min(r => r.From), Is.EqualTo(Start.AddMinutes(-7)));
        Assert.That(_server.Requests, Has.Count.LessThan(38));
        Assert.That(_house.Log.Lines, Has.None.Contains("cannot be had any more"));
        Assert.That(_house.Meter["tailscale2otel.poll.gap" + Tags], Is.Zero);
    }

    [Test]
    public async Task A_wrong_date_after_a_start_with_a_wrong_clock_moves_no_cursor_astray([ValueSource(nameof(Wrong))] TimeSpan wrong, [Values(-40, -2, 2, 40)] int days)
    {
        _server.Fill(Start, Start.AddHours(2), TimeSpan.FromSeconds(11));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(20));
        var first = _server.Requests.Count + 1;
        _server.Misreads = n => n == first ? wrong : TimeSpan.Zero;
        _time.Jump(TimeSpan.FromDays(days));
        await _house.RestartAsync();

        await AssertSteadyAsync(TimeSpan.FromMinutes(20));

        _house.AssertWhole(Start);
        Assert.That(_house.Cursor!.Value.Time, Is.InRange(_server.Now.AddMinutes(-5), _server.Now.AddMinutes(-2)));
        Assert.That(_house.Meter["tailscale2otel.poll.gap" + Tags], Is.Zero);
    }

    [Test]
    public async Task A_date_that_is_missing_once_does_not_send_the_cursor_back()
    {
        _server.Fill(Start, Start.AddHours(2), TimeSpan.FromSeconds(11));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(20));
        _time.Jump(TimeSpan.FromDays(-2));
        await _house.RestartAsync();
        _server.SaysTime = false;
        await _house.Poller.PollAsync(default);
        _server.SaysTime = true;

        await AssertSteadyAsync(TimeSpan.FromMinutes(20));

        _house.AssertWhole(Start);
        Assert.That(_house.Cursor!.Value.Time, Is.InRange(_server.Now.AddMinutes(-5), _server.Now.AddMinutes(-2)));
    }

    [Test]
    public async Task Dates_by_chance_do_not_make_a_flood_of_questions()
    {
        _server.Fill(Start, Start.AddHours(2), TimeSpan.FromSeconds(11));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(10));
        _server.Requests.Clear();
        _server.Misreads = n => TimeSpan.FromDays(n * 37 % 100 * 10);

        await AssertSteadyAsync(TimeSpan.FromMinutes(30));

        Assert.That(_server.Requests, Has.Count.LessThan(40));
        _house.AssertWhole(Start);
    }

    /// <summary>Polls as the loop would; the cursor goes forward only, and never past what the server has.</summary>
    async Task AssertSteadyAsync(TimeSpan during)
    {
        var end = _server.Now + during;
        while (_server.Now < end)
        {
            var before = _house.Cursor;
            var result = await _house.Poller.PollAsync(default);
            if (_house.Cursor is { } cursor)
            {
                Assert.That(cursor.Time, Is.LessThanOrEqualTo(_server.Now.AddMinutes(-2)));
                Assert.That(cursor.Time, Is.GreaterThanOrEqualTo(before?.Time ?? cursor.Time));
                Assert.That(cursor.Time == before?.Time || cursor.Time <= _server.Requests[^1].To, Is.True, "outside of the window");
            }

            _time.Advance(_house.Pace.Next(result, TimeSpan.Zero));
        }
    }
}
