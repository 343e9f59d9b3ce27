using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Ingest.LogStream;

[TestFixture]
public sealed class LogStreamSeriesTests
{
    static readonly LogStreamSink Sink = new("splunk", "https://logs.example.com/event");

    [Test]
    public void The_first_status_is_the_baseline_and_later_ones_count_from_there()
    {
        var series = Configured();

        series.Observe(Status(1000));
        var first = series.Counts;
        series.Observe(Status(1500));

        Assert.That(first, Is.EqualTo(new LogStreamCounts()));
        Assert.That(series.Counts, Is.EqualTo(new LogStreamCounts(500, 500, 500, 500, 500, 500)));
    }

    [Test]
    public void A_counter_that_fell_began_again_and_the_others_go_on()
    {
        var series = Configured();
        series.Observe(Status(1000));

        series.Observe(Status(1100) with { Requests = 7 });

        Assert.That(series.Counts, Is.EqualTo(new LogStreamCounts(100, 100, 100, 7, 100, 100)));
    }

    [Test]
    public void A_negative_number_adds_nothing()
    {
        var series = Configured();
        series.Observe(Status(1000));

        series.Observe(Status(1000) with { BytesSent = -5 });

        Assert.That(series.Counts?.Bytes, Is.Zero);
    }

    [Test]
    public void Without_a_destination_only_that_is_known()
    {
        var series = Configured();
        series.Observe(Status(1000) with { LastActivity = DateTimeOffset.UnixEpoch, LastError = "refused" });

        series.NoSink();

        Assert.That(series.Configured, Is.Zero);
        Assert.That((series.Error, series.LastActivity, series.Counts), Is.EqualTo(((long?)null, (double?)null, (LogStreamCounts?)null)));
        Assert.That(series.Describe(), Is.EqualTo("Network flow logs are not streamed"));
    }

    [Test]
    public void A_destination_that_comes_back_counts_on_from_where_it_was_and_from_a_new_baseline()
    {
        var series = Configured();
        series.Observe(Status(1000));
        series.Observe(Status(1010));
        series.NoSink();
        series.HasSink(Sink);

        series.Observe(Status(5000));
        series.Observe(Status(5001));

        Assert.That(series.Counts?.Entries, Is.EqualTo(11));
    }

    [Test]
    public void A_status_that_could_not_be_had_leaves_the_last_one()
    {
        var series = Configured();
        series.Observe(Status(1000) with { LastActivity = new DateTimeOffset(2026, 7, 27, 12, 0, 0, TimeSpan.Zero) });

        series.MissStatus();
        series.MissStatus();

        Assert.That(series.Error, Is.Zero);
        Assert.That(series.Describe(), Is.EqualTo(
            "Network flow logs are streamed to splunk at https://logs.example.com/event: 1000 entries in 1000 requests, 1000 of them failed, last activity 2026-07-27T12:00:00Z (the last 2 statuses could not be had)"));
    }

    [Test]
    public void Nothing_is_known_before_anything_was_asked()
    {
        var series = new LogStreamSeries("example.com", LogType.Configuration);

        Assert.That((series.Configured, series.Error, series.Drifted, series.Counts), Is.EqualTo(((long?)null, (long?)null, (long?)null, (LogStreamCounts?)null)));
        Assert.That(series.Describe(), Is.EqualTo("Configuration logs of example.com: not known"));
    }

    static LogStreamSeries Configured()
    {
        var series = new LogStreamSeries("", LogType.Network);
        series.HasSink(Sink);
        return series;
    }

    static LogStreamStatus Status(long all) => new()
    {
        BytesSent = all,
        EntriesSent = all,
        SpoofedEntries = all,
        Requests = all,
        FailedRequests = all,
        MaxBodyRequests = all,
    };
}
