using OpenTelemetry.Proto.Metrics.V1;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>A wall clock that jumps, while time itself goes on as ever.</summary>
[NonParallelizable]
public sealed class ClockTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Retention = TimeSpan.FromHours(1);

    static readonly double[] Hours = [1, -1, 26, -26, 24 * 365];

    [TestCaseSource(nameof(Hours))]
    public async Task Nothing_is_lost_or_doubled_when_it_jumps_there_and_back(double hours)
    {
        await using var house = await SimulatedTime.BeginAsync(3);
        List<string> impossible = [];
        var exports = 0;
        house.Kept = request =>
        {
            exports += request.Metrics is null ? 0 : 1;
            impossible.AddRange(request.MetricList.Where(IsNegative).Select(m => m.ToString()));
        };
        await house.StartDaemonAsync();
        await house.Load.PostAsync(5);
        foreach (var jump in new[] { hours, -hours, hours, -hours })
        {
            house.Time.Jump(TimeSpan.FromHours(jump));
            var before = exports;
            await house.Load.PostAsync(5);
            await RepeatAsync(house);
            await house.AdvanceAsync(TimeSpan.FromMinutes(3), Second);
            Assert.That(exports - before, Is.LessThanOrEqualTo(4), "metrics keep their interval");
            await house.UntilAsync(() => exports - before >= 2, () => $"{exports - before} exports since it jumped");
        }

        await house.StopDaemonAsync();
        await house.StartDaemonAsync();
        await RepeatAsync(house);
        await house.Load.PostAsync(5);
        await house.FinishAsync();
        Assert.That(house.Delivery.Arrived, Is.EqualTo(house.Load.Acknowledged.Count));
        Assert.That(impossible, Is.Empty);
    }

    [TestCaseSource(nameof(Hours))]
    public async Task What_waits_for_its_backend_is_neither_deleted_nor_forgotten(double hours)
    {
        await using var house = await SimulatedTime.BeginAsync(3, ("SPOOL__RETENTION", "1h"));
        using var attempts = new ExportAttempts();
        house.Backend.Decide = _ => OtlpAnswer.Status(503, retryAfter: "Thu, 01 Jan 2037 00:00:00 GMT");
        await house.StartDaemonAsync();
        await house.Load.PostAsync(60);
        foreach (var jump in new[] { hours, -hours, -hours, hours })
        {
            house.Time.Jump(TimeSpan.FromHours(jump));
            var before = attempts.Logs;
            // A date in the backend's answer is a wait of five minutes at most, whatever the time is here.
            await house.AdvanceAsync(TimeSpan.FromMinutes(11), Second * 5, 3);
            await house.UntilAsync(() => attempts.Logs - before >= 6, () => $"{attempts.Logs - before} attempts since it jumped");
            Assert.That(house.Spool.Frames.Count(), Is.EqualTo(house.Load.Acknowledged.Count));
            await house.Load.PostAsync(5);
        }

        house.Backend.Decide = _ => OtlpAnswer.Ok;
        await house.FinishAsync();
        Assert.That(house.Delivery.Arrived, Is.EqualTo(house.Load.Acknowledged.Count));
    }

    /// <summary>Retention goes on in the end, and so does the deduplication window's share of it.</summary>
    [TestCase(1000)]
    [TestCase(-1000)]
    public async Task Old_segments_go_although_it_jumped(double hours)
    {
        await using var house = await SimulatedTime.BeginAsync(3, ("SPOOL__RETENTION", "1h"));
        await house.StartDaemonAsync();
        await house.Load.PostAsync(40);
        house.Time.Jump(TimeSpan.FromHours(hours));
        await house.Load.PostAsync(40);
        house.Time.Jump(TimeSpan.FromHours(-hours));
        await house.Load.PostAsync(1);
        var before = house.Segments;
        await house.UntilAsync(() => house.Delivery.Arrived == house.Load.Acknowledged.Count, () => $"{house.Delivery.Arrived} arrived");
        await house.AdvanceAsync(Retention * 3, TimeSpan.FromMinutes(1));
        await house.UntilAsync(() => house.Segments < before, () => $"{house.Segments} segments, {before} before");
        await house.Load.PostAsync(1);
        await house.FinishAsync();
    }

    /// <summary>A sender that did not get its answers: everything once more, by whatever clock it was first received.</summary>
    static async Task RepeatAsync(SimulatedTime house)
    {
        using var again = new FlowLoad { Sender = { Target = house.Address } };
        await again.PostAsync(house.Load.Acknowledged.Count / again.BatchRecords);
    }

    /// <summary>An age, a delay or a duration below zero.</summary>
    static bool IsNegative(Metric metric) => metric.DataCase switch
    {
        Metric.DataOneofCase.Histogram => metric.Histogram.DataPoints.Any(p => p.Sum < 0),
        Metric.DataOneofCase.Gauge or Metric.DataOneofCase.Sum => metric.NumberPoints().Any(p => p.Number() < 0),
        _ => false,
    };
}
