using System.Diagnostics.Metrics;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing;

sealed class RecordMetricsTests
{
    const long Second = EventTime.NanosecondsPerSecond;
    const long ReceivedAt = 1000 * Second;
    const string StreamFlow = "signal=flow source=stream";

    [Test]
    public void Counts_records_and_measures_how_late_they_are()
    {
        var measured = Measure(ProcessResult.MappedAt(980 * Second, 985 * Second), ProcessResult.MappedAt(970 * Second, 0));

        Assert.That(measured, Is.EquivalentTo(new[]
        {
            ("tailscale2otel.ingest.event.age", 20.0, StreamFlow),
            ("tailscale2otel.ingest.capture.delay", 5.0, StreamFlow),
            ("tailscale2otel.ingest.event.age", 30.0, StreamFlow),
            ("tailscale2otel.ingest.records", 2.0, StreamFlow),
            ("tailscale2otel.ingest.timestamp_skew", 0.0, StreamFlow),
            ("tailscale2otel.ingest.last_event_timestamp", 980.0, StreamFlow),
        }));
    }

    [TestCase(1001, 1002, Description = "from the future")]
    [TestCase(990, 989, Description = "recorded before it happened")]
    public void Counts_inverted_times_as_skew_and_not_as_an_age_below_zero(long happened, long recorded)
    {
        var measured = Measure(ProcessResult.MappedAt(happened * Second, recorded * Second));

        Assert.That(measured, Has.Member(("tailscale2otel.ingest.timestamp_skew", 1.0, StreamFlow)));
        Assert.That(measured.Min(m => m.Value), Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public void Says_nothing_about_the_age_of_what_does_not_say_when_it_was()
    {
        var measured = Measure(ProcessResult.Mapped);

        Assert.That(measured.Select(m => m.Name), Is.EquivalentTo(new[] { "tailscale2otel.ingest.records", "tailscale2otel.ingest.timestamp_skew" }));
    }

    [Test]
    public void Takes_a_path_it_does_not_know()
    {
        using var meter = new Meter("test");
        using var collected = new CollectedMeasurements(meter);
        var metrics = new RecordMetrics(meter);

        Accept(metrics, ProcessResult.Mapped, (RecordSource)99);
        metrics.Freeze();

        Assert.That(collected.Observe(), Has.Member(("tailscale2otel.ingest.records", 1.0, "signal=flow source=other")));
    }

    [Test]
    public void Reports_counts_as_they_were_when_they_were_frozen()
    {
        using var meter = new Meter("test");
        using var collected = new CollectedMeasurements(meter);
        var metrics = new RecordMetrics(meter);
        Accept(metrics, ProcessResult.Mapped, RecordSource.Stream);
        metrics.Freeze();
        Accept(metrics, ProcessResult.Mapped, RecordSource.Stream);

        Assert.That(collected.Observe(), Has.Member(("tailscale2otel.ingest.records", 1.0, StreamFlow)));
    }

    static IReadOnlyList<(string Name, double Value, string Attributes)> Measure(params ProcessResult[] results)
    {
        using var meter = new Meter("test");
        using var collected = new CollectedMeasurements(meter);
        var metrics = new RecordMetrics(meter);
        foreach (var result in results)
            Accept(metrics, result, RecordSource.Stream);
        metrics.Freeze();
        return collected.Observe();
    }

    static void Accept(RecordMetrics metrics, ProcessResult result, RecordSource source)
    {
        var record = new RawRecord
        {
            Position = SpoolPosition.Start,
            Next = new SpoolPosition(1),
            Source = source,
            Signal = RecordSignal.Flow,
            Tailnet = "",
            ReceivedAt = ReceivedAt,
            Payload = default,
        };
        metrics.Accept(record, result);
    }
}
