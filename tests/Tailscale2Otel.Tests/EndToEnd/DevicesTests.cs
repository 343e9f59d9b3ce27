using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Demo;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>The device list of the API in what arrives: names of flow records, trust, gauges.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class DevicesTests : IAsyncDisposable
{
    const string Gauge = "tailscale.device.online";
    const string TrustedTag = "tag:prod";

    readonly SimulatedTailnet _tailnet = new(13, seed: 11);
    TailnetHouse _house = null!;

    [SetUp]
    public async Task SetUpAsync() => _house = await TailnetHouse.BeginAsync(new ControlPlaneSettings { Nodes = _tailnet.Nodes });

    public async ValueTask DisposeAsync() => await _house.DisposeAsync();

    [Test]
    public async Task Records_that_were_there_before_the_list_are_named_by_it()
    {
        _house.Tailnet.Faults.Sometimes(ApiEndpoint.Devices, ControlPlaneFault.Refuses(500), probability: 1);
        await StartAsync(("COLLECTORS__FLOWLOGS__TRUSTED_REPORTER_TAGS", TrustedTag));
        await _house.StreamAsync(Flows(60));
        await _house.WaitForRequestsAsync(ApiEndpoint.Devices, 1);
        Assert.That(_house.Backend.LogRecords, Is.Empty, "they wait");

        _house.Tailnet.Faults.Clear();
        await _house.StreamAsync("""{"event":"last"}"""u8.ToArray());
        await _house.Backend.WaitUntilAsync(() => _house.Backend.LogRecords.Any(r => r.EventName == "tailscale.stream.event"), () => $"{_house.Backend.LogRecords.Count} records", TailnetHouse.Patience);
        await _house.StopAsync();

        var flows = _house.Backend.LogRecords.Where(r => r.EventName == "tailscale.network.flow").ToList();
        var reporters = _tailnet.Nodes.ToDictionary(n => n.Id);
        var labels = _tailnet.Nodes.Select(Label).ToHashSet();
        Assert.That(flows, Is.Not.Empty);
        Assert.That(flows.Select(r => Text(r, "tailscale.node.id")).Distinct().Count(), Is.GreaterThan(5));
        Assert.Multiple(() =>
        {
            foreach (var record in flows)
            {
                var reporter = reporters[Text(record, "tailscale.node.id")];
                Assert.That(Text(record, "tailscale.node.hostname"), Is.EqualTo(Label(reporter)));
                Assert.That(Text(record, "tailscale.reporter.trust"), Is.EqualTo(reporter.Tags.Contains(TrustedTag) ? "tagged" : "untrusted"));
                Assert.That(Text(record, "tailscale.src.node"), Is.Empty.Or.AnyOf([.. labels, "external"]));
                Assert.That(Text(record, "tailscale.dst.node"), Is.Empty.Or.AnyOf([.. labels, "external"]));
            }
        });
        Assert.That(flows.Select(r => Text(r, "tailscale.reporter.trust")).Distinct().Count(), Is.EqualTo(2), "of both kinds");
        Assert.That(flows.Select(r => reporters[Text(r, "tailscale.node.id")].IsOldClient), Does.Contain(true), "also of a node that does not describe itself");
    }

    [Test]
    public async Task A_device_that_is_removed_loses_its_series()
    {
        await StartAsync();
        await _house.Backend.WaitForMetricAsync(Gauge, m => m.PointCount() == _tailnet.Nodes.Length);
        var removed = _tailnet.Nodes[4];

        Assert.That(_house.Tailnet.Devices.Remove(removed.Id), Is.True);
        var metric = await _house.Backend.WaitForMetricAsync(Gauge, m => m.PointCount() < _tailnet.Nodes.Length);
        await _house.StopAsync();

        var left = metric.NumberPoints().SelectMany(p => OtlpValues.ToText(p.Attributes).Values).ToHashSet();
        Assert.That(metric.PointCount(), Is.EqualTo(_tailnet.Nodes.Length - 1));
        Assert.That(left, Does.Not.Contain(Label(removed)));
        Assert.That(left, Is.SupersetOf(_tailnet.Nodes.Where(n => n != removed).Select(Label)));
    }

    static string Label(SimulatedNode node) => node.Name.Split('.')[0];

    static string Text(LogRecord record, string key) => (string?)record.Attributes().GetValueOrDefault(key) ?? "";

    ReadOnlyMemory<byte> Flows(int count)
    {
        var batch = new StreamBatch();
        for (var i = 0; i < count; i++)
            batch.Add(_tailnet.NextFlow(_house.Tailnet.Clock.Now).WriteStream, 0);
        return batch.Body;
    }

    Task StartAsync(params (string, string)[] settings) => _house.StartAsync(
    [
        ("COLLECTORS__FLOWLOGS__SOURCE", "stream"),
        ("COLLECTORS__AUDITLOGS__SOURCE", "stream"),
        ("COLLECTORS__DEVICES__ENABLED", "true"),
        ("COLLECTORS__DEVICES__INTERVAL", "1s"),
        ("TAILSCALE__HTTP__RETRY__MAX_ATTEMPTS", "1"),
        .. settings,
    ]);
}
