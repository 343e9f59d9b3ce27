using System.Text.Json.Nodes;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Hosting;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>The daemon tells the tailnet to stream to it, and the tailnet does.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class AutoConfigureEndToEndTests : IAsyncDisposable
{
    const int Flows = 150;
    const int Audits = 40;
    const string Elsewhere = "https://siem.example.com/services/collector/event";

    readonly int _port = FreePort.Next();
    TailnetHouse _house = null!;

    /// <summary>As a node of the tailnet is called: the simulated Tailscale reaches it on loopback.</summary>
    string Here => $"http://logs-1:{_port}/services/collector/event";

    [SetUp]
    public async Task SetUpAsync() => _house = await TailnetHouse.BeginAsync();

    public async ValueTask DisposeAsync() => await _house.DisposeAsync();

    [TestCase("stream")]
    [TestCase("both")]
    public async Task What_the_tailnet_streams_then_arrives_once(string source)
    {
        await StartAsync(("COLLECTORS__FLOWLOGS__SOURCE", source), ("COLLECTORS__AUDITLOGS__SOURCE", source));
        await TailnetHouse.WaitAsync(() => Enum.GetValues<LogType>().All(t => UrlOf(t) == Here), () => "no stream was set");
        var tailnet = new SimulatedTailnet(9, seed: 5);
        for (var i = 0; i < Flows; i++)
            _house.Tailnet.Logs.Add(tailnet.NextFlow(_house.Tailnet.Clock.Now));
        for (var i = 0; i < Audits; i++)
            _house.Tailnet.Logs.Add(tailnet.NextAudit(_house.Tailnet.Clock.Now));

        await TailnetHouse.WaitAsync(() => Delivered(LogType.Network) == Flows && Delivered(LogType.Configuration) == Audits, () => $"{Delivered(LogType.Network)} and {Delivered(LogType.Configuration)} streamed");
        if (source == "both")
            await Task.WhenAll(_house.WaitForRequestsAsync(ApiEndpoint.NetworkLogs, 2), _house.WaitForRequestsAsync(ApiEndpoint.ConfigurationLogs, 2));
        await _house.StreamAsync("""{"event":"last"}"""u8.ToArray());
        await _house.Backend.WaitUntilAsync(() => _house.Backend.LogRecords.Any(r => r.EventName == "tailscale.stream.event"), () => "not the last");
        await _house.StopAsync();

        var records = _house.Backend.LogRecords.Where(r => r.EventName != "tailscale.stream.event").ToList();
        Assert.That(records.Select(TailnetHouse.Uid), Is.Unique);
        Assert.Multiple(() =>
        {
            Assert.That(records.Where(r => r.EventName == "tailscale.network.flow").Select(r => TailnetHouse.Uid(r)[..32]).Distinct().Count(), Is.EqualTo(Flows));
            Assert.That(records.Count(r => r.EventName == "tailscale.config.audit"), Is.EqualTo(Audits));
            Assert.That(_house.Counted("tailscale2otel.dedup.hits"), source == "both" ? Is.GreaterThanOrEqualTo(Flows + Audits) : Is.Zero);
            Assert.That(_house.Tailnet.Requests.Count(ApiEndpoint.NetworkLogs), source == "both" ? Is.Positive : Is.Zero);
            Assert.That(_house.Tailnet.Streams[LogType.Network]!.Destination.Token.Reveal(), Is.EqualTo(DaemonVariables.Token));
        });
    }

    [Test]
    public async Task Another_destination_is_replaced_only_when_that_is_asked_for()
    {
        var other = new JsonObject { ["destinationType"] = "splunk", ["url"] = Elsewhere, ["user"] = "u", ["token"] = "theirs" };
        await _house.Tailnet.Streams.SetAsync(LogType.Network, StreamDestination.Of(other, NodeFactory.Domain, out _));
        await StartAsync();
        await TailnetHouse.WaitAsync(() => UrlOf(LogType.Configuration) == Here, () => "the other log was not set");
        await _house.StopAsync();
        Assert.That(UrlOf(LogType.Network), Is.EqualTo(Elsewhere));
        Assert.That(_house.Tailnet.Requests.All.Count(r => r.Method == "PUT"), Is.EqualTo(1));

        await StartAsync(("STREAMING__AUTO_CONFIGURE_OVERWRITE", "true"));
        await TailnetHouse.WaitAsync(() => UrlOf(LogType.Network) == Here, () => $"it is {UrlOf(LogType.Network)}");
        await _house.StopAsync();
    }

    string? UrlOf(LogType type) => _house.Tailnet.Streams[type]?.Destination.Url?.ToString();

    long Delivered(LogType type) => _house.Tailnet.Streams[type]!.Delivery.Entries;

    Task StartAsync(params (string, string)[] settings) => _house.StartAsync(
    [
        ("STREAMING__LISTEN", $"127.0.0.1:{_port}"),
        ("STREAMING__PUBLIC_URL", Here),
        ("STREAMING__AUTO_CONFIGURE", "true"),
        .. settings,
    ]);
}
