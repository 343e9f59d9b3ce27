using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>The backend is away for a day.</summary>
[NonParallelizable]
public sealed class OutageDayTests
{
    const int HalfHours = 48;
    const int BatchesInHalfHour = 2;

    static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    static readonly TimeSpan HalfHour = TimeSpan.FromMinutes(30);

    /// <summary>One place in flight shows the order too.</summary>
    [TestCase(1)]
    [TestCase(3)]
    public async Task Everything_arrives_once_and_in_order_when_it_is_back(int maxInFlight)
    {
        await using var day = await SimulatedTime.BeginAsync(maxInFlight);
        using var attempts = new ExportAttempts();
        List<int> order = [];
        day.Kept = request => order.AddRange(FaultHarness.SequencesOf(request));
        await day.Backend.StopListeningAsync();
        await day.StartDaemonAsync();

        for (var halfHour = 0; halfHour < HalfHours; halfHour++)
        {
            if (halfHour == HalfHours / 3)
                await day.Backend.ListenAgainAsync();
            day.Backend.Decide = r => OtlpAnswer.Status(503, retryAfter: r.Number % 10 == 0 ? "120" : null);
            if (halfHour == HalfHours / 2)
            {
                await day.StopDaemonAsync();
                await day.StartDaemonAsync();
            }

            if (halfHour == HalfHours * 2 / 3)
                await day.Backend.StopListeningAsync();
            await day.Load.PostAsync(halfHour == 0 ? 30 : BatchesInHalfHour);
            await day.AdvanceAsync(HalfHour, Step, maxInFlight);
        }

        Assert.That(order, Is.Empty);
        Assert.That(day.Spool.Frames.Select(f => f.Sequence), Is.EqualTo(Enumerable.Range(0, day.Load.Acknowledged.Count)), "the spool has them all");
        AssertCalm(day, attempts, maxInFlight);

        await day.Backend.ListenAgainAsync();
        day.Backend.Decide = _ => OtlpAnswer.Ok;
        await day.FinishAsync();
        Assert.That(order, maxInFlight == 1 ? Is.EqualTo(Enumerable.Range(0, order.Count)) : Is.Unique);
        await AssertRemembersAndForgetsAsync(day);
    }

    [Test]
    public async Task At_the_limit_of_the_backlog_senders_wait_and_go_on_by_themselves()
    {
        const int batches = 500;
        await using var day = await SimulatedTime.BeginAsync(3, ("SPOOL__MAX_BYTES", "1048576"));
        using var attempts = new ExportAttempts();
        await day.Backend.StopListeningAsync();
        await day.StartDaemonAsync();
        var posting = day.Load.PostAsync(batches);
        await Task.Run(() => Assert.That(SpinWait.SpinUntil(() => day.Load.Sender.Refused > 0, TimeSpan.FromMinutes(1))));

        await day.AdvanceAsync(HalfHours / 2 * HalfHour, Step, 3);
        await day.StopDaemonAsync();
        await day.StartDaemonAsync();
        await day.AdvanceAsync(HalfHours / 2 * HalfHour, Step, 3);
        Assert.That(posting.IsCompleted, Is.False);
        Assert.That(day.Spool.Frames.Select(f => f.Sequence), Is.EqualTo(Enumerable.Range(0, day.Load.Acknowledged.Count)));
        AssertCalm(day, attempts, 3);

        await day.Backend.ListenAgainAsync();
        await day.UntilAsync(() => posting.IsCompleted, () => $"{day.Load.Acknowledged.Count} acknowledged");
        await posting;
        await day.FinishAsync();
        Assert.That(day.Delivery.Arrived, Is.EqualTo(batches * day.Load.BatchRecords));
    }

    /// <summary>It tries again, but not all the time, and in between nothing happens but the ticks that are meant to.</summary>
    static void AssertCalm(SimulatedTime day, ExportAttempts attempts, int maxInFlight)
    {
        const int seconds = 24 * 3600;
        TestContext.Out.WriteLine($"{attempts.Logs} attempts with log records, {attempts.Metrics} with metrics, {day.Time.Fired} timers fired, {day.Time.Reads} looks at the clock");
        Assert.That(attempts.Logs, Is.InRange(maxInFlight * seconds / 120, maxInFlight * seconds / 15));
        Assert.That(attempts.Metrics, Is.InRange(seconds / 120, seconds / 6));
        Assert.That(day.Time.Fired, Is.LessThan(2 * seconds));
        Assert.That(day.Time.Reads, Is.LessThan(20 * seconds));
    }

    /// <summary>The deduplication window reaches back over the whole day; retention ends a day after delivery.</summary>
    static async Task AssertRemembersAndForgetsAsync(SimulatedTime day)
    {
        var arrived = day.Delivery.Arrived;
        await day.StartDaemonAsync();
        using (var again = new FlowLoad { Sender = { Target = day.Address } })
            await again.PostAsync(10);
        await day.Load.PostAsync(1);
        await day.FinishAsync();
        Assert.That(day.Delivery.Arrived, Is.EqualTo(arrived + day.Load.BatchRecords));

        await day.StartDaemonAsync();
        await day.AdvanceAsync(TimeSpan.FromHours(25), TimeSpan.FromMinutes(1));
        await day.UntilAsync(() => day.Segments <= 1, () => $"{day.Segments} segments");
        await day.Load.PostAsync(1);
        await day.FinishAsync();
    }
}
