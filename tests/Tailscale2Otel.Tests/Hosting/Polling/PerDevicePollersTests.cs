using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Tests.Demo.ControlPlane;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Polling;

/// <summary>The daemon's own composition, asked poller by poller, over the simulated control plane.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PerDevicePollersTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly Meter _meter = new("test");
    readonly CollectedMeasurements _measurements;
    readonly CollectingLogger _log = new();

    public PerDevicePollersTests() => _measurements = new CollectedMeasurements(_meter);

    public void Dispose()
    {
        _measurements.Dispose();
        _meter.Dispose();
        _folder.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task Posture_and_invites_of_every_device_become_gauges()
    {
        await using var plane = await StartAsync(8);
        await using var services = Compose(plane);

        await PollAsync(services, "devices");
        await PollAsync(services, "device_posture");
        await PollAsync(services, "device_invites");

        var observed = _measurements.Observe();
        var devices = plane.Server.Devices.All.Count;
        Assert.That(observed.Count(m => m.Name == "tailscale.device.posture"), Is.EqualTo(devices));
        Assert.That(observed, Has.Some.Matches<(string Name, double Value, string Attributes)>(m => m.Name == "tailscale.device.attribute.info" && m.Attributes.Contains("attribute=intune:complianceState", StringComparison.Ordinal) && m.Attributes.Contains("value=compliant", StringComparison.Ordinal)));
        Assert.That(observed.Where(m => m.Name == "tailscale.device.attribute"), Is.Empty, "custom is none of the namespaces");
        Assert.That(observed.Where(m => m.Name == "tailscale.device_invites.count"), Is.Not.Empty);
        Assert.That(observed.Where(m => m.Name == "tailscale2otel.subrequest.coverage").Select(m => m.Value), Is.EqualTo(new[] { 1.0, 1.0 }));
        Assert.That(observed.Select(m => m.Attributes), Has.None.Contains("friend@example.net"));
    }

    [Test]
    public async Task One_device_that_is_gone_changes_no_state_of_the_api()
    {
        await using var plane = await StartAsync(3);
        await using var services = Compose(plane);
        await PollAsync(services, "devices");
        plane.Server.Devices.Remove(plane.Server.Devices.All[0].Node.Id);

        await PollAsync(services, "device_posture");

        var observed = _measurements.Observe();
        Assert.That(observed.Count(m => m.Name == "tailscale.device.posture"), Is.EqualTo(plane.Server.Devices.All.Count));
        Assert.That(States(observed, "device_posture"), Is.EqualTo(new[] { "supported" }));
        Assert.That(_log.Lines, Is.Empty);
    }

    [Test]
    public async Task A_credential_without_the_scope_is_told_once_and_keeps_no_other_from_working()
    {
        await using var plane = await StartAsync(3);
        await using var services = Compose(plane, ("TAILSCALE__AUTH__OAUTH__SCOPES", "devices:core:read,devices:posture_attributes:read"));
        await PollAsync(services, "devices");
        for (var i = 0; i < 3; i++)
            await PollAsync(services, "device_invites");
        await PollAsync(services, "device_posture");

        var observed = _measurements.Observe();
        Assert.That(States(observed, "device_invites"), Is.EqualTo(new[] { "scope_denied" }));
        Assert.That(States(observed, "device_posture"), Is.EqualTo(new[] { "supported" }));
        Assert.That(_log.Lines.Single(), Does.Contain("device_invites is not to be had").And.Contain("the scope device_invites:read"));
    }

    static Task<ControlPlaneHost> StartAsync(int devices) => ControlPlaneHost.StartAsync(new ControlPlaneSettings { Nodes = ControlPlaneHost.Tailnet().Nodes[..devices] });

    static IEnumerable<string> States(IEnumerable<(string Name, double Value, string Attributes)> observed, string operation) =>
        from m in observed
        where m is { Name: "tailscale2otel.api.availability", Value: 1 } && m.Attributes.Contains($"tailscale.api.operation={operation}", StringComparison.Ordinal)
        select m.Attributes.Split("tailscale.api.state=")[1].Split(' ')[0];

    static async Task PollAsync(ServiceProvider services, string collector)
    {
        var result = await services.GetRequiredService<IReadOnlyList<IPoller>>().Single(p => p.Collector == collector).PollAsync(default);
        Assert.That(result.Failure, Is.Null);
    }

    ServiceProvider Compose(ControlPlaneHost plane, params (string, string)[] settings)
    {
        (string, string)[] all =
        [
            ("TAILSCALE__API_URL", plane.Server.Url.ToString()),
            ("TAILSCALE__AUTH__OAUTH__CLIENT_SECRET", plane.Server.Credentials.ClientSecret.Reveal()),
            ("COLLECTORS__DEVICES__COLLECT_POSTURE", "true"),
            .. settings,
        ];
        return new ServiceCollection()
            .AddDaemon(DaemonVariables.Load(_folder.Path, all))
            .AddLogging(l => l.AddProvider(_log))
            .AddSingleton(_meter)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(new StdoutWriters(TextWriter.Null, TextWriter.Null))
            .AddSingleton<IHostApplicationLifetime>(new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance))
            .BuildServiceProvider();
    }
}
