using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Poll;

sealed partial class LogPollerTests
{
    const ulong Seed = 20260727;

    [Test]
    public async Task A_crash_between_two_appends_of_a_window_asks_for_it_again()
    {
        for (var i = 0; i < LogPageWriter.AppendRecords + 100; i++)
            _server.Add(Start.AddMinutes(1.5).AddTicks(i));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(2));
        var before = _house.Cursor;
        TemporaryFolder? image = null;
        _server.BeforeRecord = n =>
        {
            if (n == LogPageWriter.AppendRecords + 50)
            {
                image = _house.Image();
                throw new InvalidOperationException("killed");
            }

            return Task.CompletedTask;
        };

        Assert.ThrowsAsync<InvalidOperationException>(() => _house.RunAsync(TimeSpan.FromMinutes(5)));
        await _house.CrashAsync(image);

        Assert.That(_house.Cursor!.Value.Time, Is.GreaterThanOrEqualTo(before!.Value.Time).And.LessThan(Start.AddMinutes(1.5)));
        Assert.That(_house.Records(), Has.Count.EqualTo(LogPageWriter.AppendRecords));
        _server.BeforeRecord = _ => Task.CompletedTask;
        await _house.RunAsync(TimeSpan.FromMinutes(3));
        _house.AssertWhole(Start);
    }

    [Test]
    public async Task An_append_that_became_durable_before_the_file_was_written_counts()
    {
        _server.Fill(Start, Start.AddHours(1), TimeSpan.FromSeconds(20));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(10));
        var stale = await File.ReadAllBytesAsync(_house.CursorFile);
        await _house.RunAsync(TimeSpan.FromMinutes(10));
        var cursor = _house.Cursor;

        var image = _house.Image();
        await File.WriteAllBytesAsync(image.File(PollCursorFile.Name), stale);
        await File.WriteAllTextAsync(image.File("poll-cursors.tmp"), "half");
        await _house.CrashAsync(image);

        Assert.That(_house.Cursor, Is.EqualTo(cursor));
    }

    [Test]
    public async Task A_spool_that_lost_its_end_is_filled_again()
    {
        _server.Fill(Start, Start.AddHours(1), TimeSpan.FromSeconds(20));
        await _house.OpenAsync();
        await _house.RunAsync(TimeSpan.FromMinutes(40));
        var image = _house.Image();
        var last = Directory.GetFiles(image.Path, "*.seg").Order(StringComparer.Ordinal).Last();
        using (var file = new FileStream(last, FileMode.Open))
            file.SetLength(file.Length / 2);

        await _house.CrashAsync(image);
        Assert.That(_house.Log.Lines, Has.Some.Contains("lost its end"));
        await _house.RunAsync(TimeSpan.FromMinutes(5));

        _house.AssertWhole(Start);
    }

    [Test]
    public void Whatever_crashes_fails_and_passes_every_record_is_there_and_every_window_was_fetched()
    {
        var property = Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<PositiveInt>>(), steps =>
        {
            ScheduleAsync([.. steps.Get.Select(s => s.Get)]).GetAwaiter().GetResult();
            return true;
        });
        TestContext.Out.WriteLine($"seed {Seed}");

        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(40).WithReplay(Seed, 1), property);
    }

    /// <summary>Each number is a step: time passes, the server fails or is late, the clock jumps, the process dies at some place.</summary>
    static async Task ScheduleAsync(int[] steps)
    {
        var time = new ManualTime();
        var server = new LogServer(time);
        var start = server.Now;
        server.Fill(start, start.AddDays(2), TimeSpan.FromSeconds(41), n => TimeSpan.FromSeconds(n * 29 % 415));
        await using var house = new PollHouse(time, server);
        await house.OpenAsync();
        await house.RunAsync(TimeSpan.FromMinutes(1));
        foreach (var step in steps)
        {
            var before = house.Cursor!.Value.Time;
            await StepAsync(house, step, step / 8);
            Assert.That(house.Cursor!.Value.Time, Is.GreaterThanOrEqualTo(before), $"step {step}");
        }

        // Until what was late is there too.
        server.Failure = _ => null;
        await house.RunAsync(TimeSpan.FromMinutes(20));
        var settled = house.Cursor!.Value.Settled;
        Assert.That(settled, Is.GreaterThan(server.Now.AddMinutes(-9)));
        Assert.That(server.Until(settled, start).Except(house.Records()).Take(3), Is.Empty);
        var minutes = (server.Now - start).TotalMinutes;
        Assert.That(server.Requests, Has.Count.LessThanOrEqualTo((int)minutes + (4 * steps.Length) + 30));
    }

    static async Task StepAsync(PollHouse house, int step, int size)
    {
        var stale = File.Exists(house.CursorFile) ? await File.ReadAllBytesAsync(house.CursorFile) : [];
        switch (step % 8)
        {
            case 0:
                await house.RestartAsync();
                break;
            case 1:
                await house.RunAsync(TimeSpan.FromMinutes(1 + (size % 30)));
                await house.CrashAsync();
                break;
            case 2:
                // Away, and then behind.
                house.Time.Advance(TimeSpan.FromMinutes(7 * (size % 40)));
                await house.RunAsync(TimeSpan.FromMinutes(1));
                break;
            case 3:
                house.Server.Failure = n => (n + size) % 3 == 0 ? null : Busy with { RetryAfter = null };
                await house.RunAsync(TimeSpan.FromMinutes(5 + (size % 20)));
                house.Server.Failure = _ => null;
                break;
            case 4:
                await DieWithinAnAnswerAsync(house, size);
                break;
            case 5:
                await house.RunAsync(TimeSpan.FromMinutes(2 + (size % 9)));
                await CrashWithFileAsync(house, size % 3 == 0 ? null : size % 3 == 1 ? stale : [.. stale.Take(stale.Length / 2)]);
                break;
            case 6:
                house.Time.Jump(TimeSpan.FromMinutes((size % 2 == 0 ? 1 : -1) * (size % 300)));
                await house.RunAsync(TimeSpan.FromMinutes(3));
                break;
            default:
                await house.RunAsync(TimeSpan.FromMinutes(1 + (size % 15)));
                break;
        }
    }

    static async Task DieWithinAnAnswerAsync(PollHouse house, int size)
    {
        TemporaryFolder? image = null;
        house.Server.BeforeRecord = n =>
        {
            if (n < size % 12 || image is not null)
                return Task.CompletedTask;
            image = house.Image();
            throw new InvalidOperationException("killed");
        };
        try
        {
            await house.RunAsync(TimeSpan.FromMinutes(3));
        }
        catch (InvalidOperationException)
        {
        }

        house.Server.BeforeRecord = _ => Task.CompletedTask;
        await house.CrashAsync(image);
    }

    static async Task CrashWithFileAsync(PollHouse house, byte[]? file)
    {
        var image = house.Image();
        if (file is null)
            File.Delete(image.File(PollCursorFile.Name));
        else
            await File.WriteAllBytesAsync(image.File(PollCursorFile.Name), file);
        await house.CrashAsync(image);
    }
}
