using System.Diagnostics.Metrics;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Metrics.V1;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Resource;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Tests.Export.Otlp;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Export;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class MetricExportTests
{
    static readonly string[] Temporalities = ["cumulative", "delta"];

    readonly Meter _meter = new(ProductInfo.Name);
    readonly Meter _own = new("own");
    readonly CollectedLines _lines = new();
    readonly Health _health = new();

    [Test]
    public async Task Exports_on_both_transports_with_every_compression([Values("http", "grpc")] string protocol, [Values("none", "gzip", "zstd")] string compression)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var export = Create(OtlpSome.Options(receiver, protocol, compression));
        _meter.CreateCounter<long>("c", "{thing}", "Things.").Add(5, new KeyValuePair<string, object?>("k", "v"));

        Assert.That(export.Collect(CancellationToken.None), Is.True);

        var request = receiver.Requests.Single();
        var metric = request.MetricList.Single();
        Assert.Multiple(() =>
        {
            Assert.That((metric.Name, metric.Unit, metric.Description), Is.EqualTo(("c", "{thing}", "Things.")));
            Assert.That(metric.Sum.AggregationTemporality, Is.EqualTo(AggregationTemporality.Cumulative));
            Assert.That(metric.NumberPoints().Single().AsInt, Is.EqualTo(5));
            Assert.That(OtlpValues.ToText(metric.NumberPoints().Single().Attributes), Is.EqualTo(new Dictionary<string, string> { ["k"] = "v" }));
            Assert.That(request.Encoding, Is.EqualTo(compression == "none" ? "identity" : compression));
            Assert.That(request.Resource, Is.EqualTo(new Dictionary<string, string> { ["service.name"] = "t" }));
            Assert.That(request.Headers["user-agent"], Does.StartWith("tailscale2otel/"));
            Assert.That(request.Metrics!.ResourceMetrics[0].ScopeMetrics[0].Scope.Name, Is.EqualTo("tailscale2otel"));
        });
    }

    [Test]
    public async Task Counts_since_the_start_or_since_the_last_export([ValueSource(nameof(Temporalities))] string temporality)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var export = Create(OtlpSome.Options(receiver), temporality);
        var counter = _meter.CreateCounter<long>("c");
        var histogram = _meter.CreateHistogram("h", "s", "", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        var upDown = _meter.CreateUpDownCounter<long>("u");
        foreach (var add in (long[])[3, 4])
        {
            counter.Add(add);
            upDown.Add(add);
            histogram.Record(1.5);
            Assert.That(export.Collect(CancellationToken.None), Is.True);
        }

        var isDelta = temporality == "delta";
        Assert.Multiple(() =>
        {
            Assert.That(Values(receiver, "c"), Is.EqualTo(isDelta ? new[] { 3.0, 4 } : [3.0, 7]));
            Assert.That(Values(receiver, "u"), Is.EqualTo(new[] { 3.0, 7 }));
            var points = receiver.Metrics.Where(m => m.Name == "h").Select(m => m.Histogram.DataPoints.Single()).ToList();
            Assert.That(points.Select(p => p.Count), Is.EqualTo(isDelta ? new ulong[] { 1, 1 } : [1, 2]));
            Assert.That(points[0].ExplicitBounds, Is.EqualTo(new[] { 1.0, 2 }));
        });
    }

    [Test]
    public async Task Forgets_observed_series_that_are_gone([ValueSource(nameof(Temporalities))] string temporality)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var export = Create(OtlpSome.Options(receiver), temporality);
        List<Measurement<long>> observed = [];
        _meter.CreateObservableGauge("g", () => observed);
        _meter.CreateObservableCounter("o", () => observed);

        observed = [Of(1, "a"), Of(2, "b")];
        export.Collect(CancellationToken.None);
        observed = [Of(3, "b")];
        export.Collect(CancellationToken.None);
        observed = [];
        export.Collect(CancellationToken.None);
        observed = [Of(9, "a")];
        export.Collect(CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(Series(receiver, "g"), Is.EqualTo(new[] { "a=1,b=2", "b=3", "a=9" }));
            // A counter's series that comes back is a new one, which counts from zero: whoever observes it must have restarted it.
            Assert.That(Series(receiver, "o"), Is.EqualTo(temporality == "delta" ? new[] { "a=1,b=2", "b=1", "a=9" } : ["a=1,b=2", "b=3", "a=9"]));
        });
    }

    [Test]
    public async Task Instruments_of_several_tailnets_are_one_metric_with_the_points_of_all([ValueSource(nameof(Temporalities))] string temporality)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var export = Create(OtlpSome.Options(receiver), temporality);
        var families = new List<CounterFamily>();
        foreach (var (name, amount) in ((string, int)[])[("a.example", 2), ("b.example", 3), ("", 5)])
        {
            var tailnet = new TailnetMeter(_meter, name);
            var family = new CounterFamily(tailnet, "family", "1", "Of all.", ["k"]);
            family.Add((ulong)amount, "v"u8);
            family.Freeze();
            families.Add(family);
            tailnet.CreateObservableGauge<long>("gauge", () => [new Measurement<long>(amount, new KeyValuePair<string, object?>("k", "v"))], "1", "Of all.");
            tailnet.CreateCounter("counter", "1", "Of all.").Add(amount, tailnet.Tags(new KeyValuePair<string, object?>("k", "v")));
            var histogram = tailnet.CreateHistogram("histogram", "s", "Of all.", new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 4] });
            for (var i = 0; i < amount; i++)
                histogram.Record(i, tailnet.Tags(new KeyValuePair<string, object?>("k", "v")));
        }

        Assert.That(export.Collect(CancellationToken.None), Is.True);
        families[1].Add(10, "v"u8);
        families[1].Freeze();
        Assert.That(export.Collect(CancellationToken.None), Is.True);

        string[] first = ["=5", "a.example=2", "b.example=3"];
        Assert.Multiple(() =>
        {
            Assert.That(receiver.Metrics.Take(4).Select(m => m.Name), Is.EquivalentTo(new[] { "family", "gauge", "counter", "histogram" }), "each name once");
            foreach (var name in (string[])["family", "gauge", "counter"])
                Assert.That(ByTailnet(receiver.Metrics.First(m => m.Name == name).NumberPoints(), p => p.Attributes, p => p.Number()), Is.EqualTo(first), name);
            Assert.That(ByTailnet(receiver.Metrics.First(m => m.Name == "histogram").Histogram.DataPoints, p => p.Attributes, p => p.Count), Is.EqualTo(first));
            Assert.That(receiver.Metrics.First(m => m.Name == "histogram").Histogram.DataPoints[0].ExplicitBounds, Is.EqualTo(new[] { 1.0, 4 }));
            Assert.That(
                ByTailnet(receiver.Metrics.Last(m => m.Name == "family").NumberPoints(), p => p.Attributes, p => p.Number()),
                Has.Member(temporality == "delta" ? "b.example=10" : "b.example=13"));
            Assert.That(_lines.All, Is.Empty);
        });
    }

    static IEnumerable<string> ByTailnet<T>(IEnumerable<T> points, Func<T, IEnumerable<KeyValue>> attributes, Func<T, double> value) =>
        points.Select(p => (Tags: OtlpValues.ToText(attributes(p)), Value: value(p)))
            .Select(p => $"{p.Tags.GetValueOrDefault("tailscale.tailnet")}={p.Value}")
            .Order(StringComparer.Ordinal);

    [Test]
    public async Task Gauges_that_are_made_anew_for_more_devices_have_all_of_them([ValueSource(nameof(Temporalities))] string temporality)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var export = Create(OtlpSome.Options(receiver), temporality);
        using var devices = new DeviceMetrics(_meter, new DeviceMetricsOptions(), new CardinalityOptions());
        List<int> counts = [];
        foreach (var count in (int[])[3, 500, 2, 900])
        {
            var many = SomeDevices.Many(count);
            devices.Replace(many with { Devices = [.. many.Devices.Select(d => d with { ConnectedToControl = true })] });
            receiver.Clear();
            Assert.That(export.Collect(CancellationToken.None), Is.True);
            var points = receiver.Metrics.Where(m => m.Name == "tailscale.device.online").ToList();
            counts.Add(points.Sum(m => m.Gauge.DataPoints.Count));
            Assert.That(points.SelectMany(m => m.Gauge.DataPoints).SelectMany(p => p.Attributes).Select(a => a.Key), Does.Not.Contain("otel.metric.overflow"));
        }

        Assert.That(counts, Is.EqualTo(new[] { 3, 500, 2, 900 }));
    }

    [Test]
    public async Task Folds_series_over_the_limit()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var export = Create(OtlpSome.Options(receiver), limit: 3);
        var counter = _meter.CreateCounter<long>("c");
        for (var i = 0; i < 10; i++)
            counter.Add(1, new KeyValuePair<string, object?>("i", i));

        export.Collect(CancellationToken.None);

        var points = receiver.Metrics.Single().NumberPoints();
        Assert.That(points.Sum(p => p.AsInt), Is.EqualTo(10));
        Assert.That(points.Single(p => p.Attributes.Any(a => a.Key == "otel.metric.overflow")).AsInt, Is.EqualTo(7));
    }

    [Test]
    public async Task Leaves_out_its_own_metrics_when_told_to()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var export = Create(OtlpSome.Options(receiver), self: new SelfObservabilityOptions { Enabled = false });
        _meter.CreateCounter<long>("tailscale2otel.c").Add(1);
        _meter.CreateCounter<long>("tailscale.c").Add(1);

        export.Collect(CancellationToken.None);

        Assert.That(receiver.Metrics.Select(m => m.Name), Is.EqualTo(new[] { "tailscale.c" }));
    }

    [Test]
    public async Task Divides_a_collection_into_requests_of_bounded_points()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var options = OtlpSome.Options(receiver);
        options.MetricExportBatchSize = 10;
        using var export = Create(options);
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            var counter = _meter.CreateCounter<long>(name);
            for (var i = 0; i < 4; i++)
                counter.Add(1, new KeyValuePair<string, object?>("i", i));
        }

        Assert.That(export.Collect(CancellationToken.None), Is.True);

        Assert.That(receiver.Requests.Select(r => r.MetricList.Sum(m => m.PointCount())), Is.EqualTo(new[] { 8, 8 }));
    }

    [Test]
    public async Task Says_that_a_collection_failed_and_delivers_it_with_the_next([ValueSource(nameof(Temporalities))] string temporality)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var options = OtlpSome.Options(receiver);
        options.Retry.MaxElapsedTime = TimeSpan.Zero;
        using var export = Create(options, temporality);
        var counter = _meter.CreateCounter<long>("c");
        receiver.Answer(OtlpAnswer.Status(503), OtlpAnswer.Status(401));

        counter.Add(1);
        var first = export.Collect(CancellationToken.None);
        counter.Add(2);
        var second = export.Collect(CancellationToken.None);
        counter.Add(4);
        var third = export.Collect(CancellationToken.None);

        Assert.That((first, second, third), Is.EqualTo((false, false, true)));
        Assert.That(Values(receiver, "c"), Is.EqualTo(temporality == "delta" ? new[] { 1.0, 6 } : [7.0]));
        Assert.That(_health.Advices, Is.Empty);
    }

    [Test]
    public async Task Asks_no_sooner_than_the_backend_wants_also_when_one_collection_is_not_that_patient()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var options = OtlpSome.Options(receiver);
        options.Retry.MaxElapsedTime = TimeSpan.FromSeconds(1);
        var time = new ManualTime();
        using var export = Create(options, time: time);
        _meter.CreateCounter<long>("c").Add(1);
        receiver.Answer(OtlpAnswer.Status(503, retryAfter: "120"));

        Assert.That(export.Collect(CancellationToken.None), Is.False);
        Assert.That(export.Collect(CancellationToken.None), Is.False);
        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(120));
        Assert.That(export.Collect(CancellationToken.None), Is.True);
        Assert.That(receiver.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Repeats_within_a_collection_while_patience_lasts()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var export = Create(OtlpSome.Options(receiver));
        _meter.CreateCounter<long>("c").Add(1);
        receiver.Answer(OtlpAnswer.Status(503), OtlpAnswer.Reset, OtlpAnswer.Status(429));

        Assert.That(export.Collect(CancellationToken.None), Is.True);
        Assert.That(receiver.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Gives_up_only_the_metric_that_the_backend_refuses()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var export = Create(OtlpSome.Options(receiver));
        foreach (var name in (string[])["a", "b", "bad", "c"])
            _meter.CreateCounter<long>(name).Add(1);
        receiver.Decide = request => request.MetricList.Any(m => m.Name == "bad") ? OtlpAnswer.Status(400) : OtlpAnswer.Ok;

        Assert.That(export.Collect(CancellationToken.None), Is.True);
        Assert.That(receiver.Metrics.Select(m => m.Name), Is.EquivalentTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public async Task Gives_up_only_that_metric_of_those_that_an_outage_kept()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var counted = new CountedMetrics(_own);
        var options = OtlpSome.Options(receiver);
        options.Retry.MaxElapsedTime = TimeSpan.Zero;
        using var export = Create(options, "delta");
        foreach (var name in (string[])["a", "b", "bad", "c"])
            _meter.CreateCounter<long>(name).Add(1);
        receiver.Answer(OtlpAnswer.Status(503));
        Assert.That(export.Collect(CancellationToken.None), Is.False);

        receiver.Decide = request => request.MetricList.Any(m => m.Name == "bad") ? OtlpAnswer.Status(400) : OtlpAnswer.Ok;
        Assert.That(export.Collect(CancellationToken.None), Is.True);
        Assert.That(receiver.Metrics.Select(m => m.Name), Is.EquivalentTo(new[] { "a", "b", "c" }));
        Assert.That(counted["tailscale2otel.export.rejected refused metrics"], Is.EqualTo(1));
    }

    [Test]
    public async Task Counts_a_partial_success_as_delivered()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var counted = new CountedMetrics(_own);
        using var export = Create(OtlpSome.Options(receiver));
        _meter.CreateCounter<long>("c").Add(1);
        receiver.Answer(OtlpAnswer.Partial(1));

        Assert.That(export.Collect(CancellationToken.None), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(counted["tailscale2otel.export.rejected partial_success metrics"], Is.EqualTo(1));
            Assert.That(counted["tailscale2otel.export.datapoints"], Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Never_counts_more_points_rejected_than_it_sent()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var counted = new CountedMetrics(_own);
        var options = OtlpSome.Options(receiver);
        options.Retry.MaxElapsedTime = TimeSpan.Zero;
        using var export = Create(options, "delta");
        var counter = _meter.CreateCounter<long>("c");
        receiver.Answer(OtlpAnswer.Partial(long.MaxValue), OtlpAnswer.Status(503), OtlpAnswer.Partial(long.MaxValue));

        foreach (var isTaken in (bool[])[true, false, true])
        {
            counter.Add(1);
            Assert.That(export.Collect(CancellationToken.None), Is.EqualTo(isTaken));
        }

        Assert.That(counted["tailscale2otel.export.rejected partial_success metrics"], Is.EqualTo(2), "of a collection, and of one that was kept");
        Assert.That(_lines.All[0].Text, Does.Contain("rejected 1 items"));
    }

    [Test]
    public async Task Stops_waiting_when_cancelled()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var export = Create(OtlpSome.Options(receiver));
        _meter.CreateCounter<long>("c").Add(1);
        using var stop = new CancellationTokenSource();
        receiver.Answer(OtlpAnswer.Hang);

        var collection = Task.Run(() => export.Collect(stop.Token));
        await receiver.WaitForRequestsAsync(1);
        await stop.CancelAsync();

        Assert.That(await collection, Is.False);
    }

    [Test]
    public async Task Does_not_export_once_more_when_it_is_disposed()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var export = Create(OtlpSome.Options(receiver));
        _meter.CreateCounter<long>("c").Add(1);

        export.Dispose();

        Assert.That(receiver.Requests, Is.Empty);
    }

    [TearDown]
    public void Close()
    {
        _meter.Dispose();
        _own.Dispose();
    }

    MetricExport Create(OtlpOptions options, string temporality = "cumulative", int limit = 1000, SelfObservabilityOptions? self = null, TimeProvider? time = null)
    {
        options.Temporality = temporality;
        var exporter = OtlpMetricExporter.Create(options, new ExportMetrics(_own), _health, _lines.For<OtlpMetricExporter>(), time ?? TimeProvider.System);
        return new MetricExport(exporter, [new("service.name", "t")], temporality, limit, self ?? new SelfObservabilityOptions());
    }

    static Measurement<long> Of(long value, string name) => new(value, new KeyValuePair<string, object?>("k", name));

    static IEnumerable<double> Values(OtlpReceiver receiver, string name) =>
        receiver.Metrics.Where(m => m.Name == name).Select(m => m.NumberPoints().Single().Number());

    static IEnumerable<string> Series(OtlpReceiver receiver, string name) =>
        receiver.Metrics.Where(m => m.Name == name)
            .Select(m => string.Join(',', m.NumberPoints().OrderBy(p => p.Attributes[0].Value.StringValue).Select(p => $"{p.Attributes[0].Value.StringValue}={p.Number()}")));
}
