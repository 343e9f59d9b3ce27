using System.Diagnostics.Metrics;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Enrichment;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class EnrichmentMetricsTests : IDisposable
{
    readonly Meter _meter = new("test");
    readonly CollectedMeasurements _measurements;
    readonly ManualTime _time = new();
    readonly Health _health = new();
    readonly EnrichmentMetrics _metrics;

    public EnrichmentMetricsTests()
    {
        _measurements = new CollectedMeasurements(_meter);
        _metrics = new EnrichmentMetrics(_meter, new EnrichmentOptions(), _health);
    }

    public void Dispose()
    {
        _measurements.Dispose();
        _meter.Dispose();
    }

    [Test]
    public void Reports_age_and_size_of_each_list_when_somebody_looks()
    {
        var (one, two, without) = (new DeviceIndex("", _time), new DeviceIndex("two.example", _time), new DeviceIndex("none.example", _time));
        foreach (var index in new[] { one, two, without })
            _metrics.Watch(index);
        Assert.That(_measurements.Observe(), Is.Empty, "there is no list yet");

        one.Replace(SomeDevices.Many(3));
        _time.Advance(TimeSpan.FromSeconds(40));
        two.Replace(SomeDevices.Many(5));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(_measurements.Observe(), Is.EquivalentTo(new[]
        {
            ("tailscale2otel.enrich.cache_age", 42.0, ""),
            ("tailscale2otel.enrich.cache_age", 2.0, "tailscale.tailnet=two.example"),
            ("tailscale2otel.enrich.cache_size", 3.0, ""),
            ("tailscale2otel.enrich.cache_size", 5.0, "tailscale.tailnet=two.example"),
        }));
    }

    [Test]
    public void Advises_about_a_list_that_is_too_old_and_no_longer_when_the_next_one_came()
    {
        var index = new DeviceIndex("", _time);
        _metrics.Watch(index);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(_health.Advices, Is.Empty, "what never came is not stale");
        index.Replace(SomeDevices.Many(1));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(_health.Advices, Is.Empty);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_health.Advices.Single().Key, Is.EqualTo("device list"));
        Assert.That(_health.Advices.Single().Value, Does.StartWith("The device list is 301 seconds old and enrichment.cache_ttl is 300: "));
        Assert.That(_health.IsReady, Is.True);

        index.Replace(SomeDevices.Many(1));
        Assert.That(_health.Advices, Is.Empty);
    }
}
