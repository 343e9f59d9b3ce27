using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

sealed class DeviceFeedTests
{
    [Test]
    public void A_list_reaches_the_index_the_gauges_and_who_waits_for_it()
    {
        using var meter = new Meter("test");
        using var measurements = new CollectedMeasurements(meter);
        var (feed, index, first) = Create(meter);
        var waiting = first.WaitAsync(CancellationToken.None);

        feed.Take(SomeDevices.Many(3) with { Tailnet = "one.example" });

        Assert.That(index.Current.Count, Is.EqualTo(3));
        Assert.That(waiting.Wait(TimeSpan.FromSeconds(30)), Is.True);
        var observed = measurements.Observe();
        Assert.That(observed, Does.Contain(("tailscale.devices.untagged", 3.0, "tailscale.tailnet=one")));
        Assert.That(observed, Does.Contain(("tailscale2otel.enrich.cache_size", 3.0, "tailscale.tailnet=one")));
    }

    [Test]
    public void A_failure_leaves_the_list_and_ends_the_wait_only_if_it_lasts()
    {
        using var meter = new Meter("test");
        var (feed, index, first) = Create(meter);
        index.Replace(SomeDevices.Many(3));
        var waiting = first.WaitAsync(CancellationToken.None);

        feed.Failed(new ApiFailure(ApiState.CredentialRejected, 401, ""));
        Assert.That(waiting.IsCompleted, Is.False);
        feed.Failed(new ApiFailure(ApiState.ScopeDenied, 403, ""));

        Assert.That(waiting.Wait(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(index.Current.Count, Is.EqualTo(3));
    }

    [Test]
    public async Task What_was_asked_about_each_device_waits_for_the_list_and_follows_it()
    {
        using var meter = new Meter("test");
        using var measurements = new CollectedMeasurements(meter);
        var (feed, _, _) = Create(meter);
        feed.Take(new Dictionary<string, PostureFacts> { ["n0"] = new([]) { Os = "linux" }, ["n1"] = new([]) { Os = "linux" } });
        Assert.That(measurements.Observe().Select(m => m.Name), Has.None.EqualTo("tailscale.device.posture"));

        feed.Take(SomeDevices.Many(2));
        Assert.That(measurements.Observe().Count(m => m.Name == "tailscale.device.posture"), Is.EqualTo(2));

        feed.Take(SomeDevices.Many(1));
        Assert.That(measurements.Observe().Single(m => m.Name == "tailscale.device.posture").Attributes, Is.EqualTo("host.id=id-n0 host.name=node-0 os=linux tailscale.tailnet=one"));
        Assert.That((await feed.Latest.GetAsync(default)).Keys, Is.EqualTo(new[] { "n0" }));
    }

    static (DeviceFeed Feed, DeviceIndex Index, FirstDevices First) Create(Meter meter)
    {
        var time = new ManualTime();
        var index = new DeviceIndex("one", time);
        var first = new FirstDevices([("one.example", "one.example")], TimeSpan.FromSeconds(30), time, NullLogger<FirstDevices>.Instance);
        var metrics = new DeviceMetrics(meter, new DeviceMetricsOptions(), new CardinalityOptions());
        new EnrichmentMetrics(meter, new EnrichmentOptions(), new Health()).Watch(index);
        return (new DeviceFeed("one.example", "one", index, metrics, first), index, first);
    }
}
