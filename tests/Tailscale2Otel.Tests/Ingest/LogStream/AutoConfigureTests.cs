using System.Text.Json.Nodes;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.LogStream;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AutoConfigureTests : IAsyncDisposable
{
    const string Errors = "tailscale2otel.component.errors{component=auto_configure}";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly ManualTime _time = new();
    readonly StreamHarness _harness;
    readonly CancellationTokenSource _stop = new();
    SimulatedControlPlane _tailnet = null!;

    public AutoConfigureTests() => _harness = new StreamHarness(_time);

    [SetUp]
    public async Task StartAsync() => _tailnet = await StreamHarness.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _tailnet.DisposeAsync();
        await _harness.DisposeAsync();
        _stop.Dispose();
    }

    [TearDown]
    public void The_token_is_nowhere_to_be_read() => Assert.That(_harness.Output, Does.Not.Contain(StreamHarness.Token));

    [Test]
    public async Task Both_logs_are_set_and_nothing_is_wrong()
    {
        await RunAsync(_harness.Target(_harness.Client(_tailnet)));

        Assert.That(_tailnet.Streams[LogType.Network], Is.Not.Null);
        Assert.That(_tailnet.Streams[LogType.Configuration], Is.Not.Null);
        Assert.That(_harness.Advices, Is.Empty);
        Assert.That(_harness.Meter[Errors], Is.Zero);
        Assert.That(_harness.Log.Lines.Count(l => l.Contains($"Tailscale streams them to splunk at {StreamHarness.Url} as tailscale2otel from now on", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public async Task Two_tailnets_are_told_their_own_and_one_that_refuses_does_not_hinder_the_other()
    {
        await using var other = await StreamHarness.StartAsync();
        other.Faults.Sometimes(ApiEndpoint.Stream, ControlPlaneFault.Refuses(403), probability: 1);
        var running = StartOn(
            _harness.Target(_harness.Client(_tailnet, "one.example"), token: "00000000-0000-0000-0000-00000000c0de"),
            _harness.Target(_harness.Client(other, "two.example"), token: "00000000-0000-0000-0000-0000000c0de2"));

        await UntilAsync(() => _time.ActiveTimers == 1 && _tailnet.Streams[LogType.Configuration] is not null);

        Assert.That(_tailnet.Streams[LogType.Network]!.Destination.Token.Reveal(), Is.EqualTo("00000000-0000-0000-0000-00000000c0de"));
        Assert.That(other.Streams[LogType.Network], Is.Null);
        Assert.That(_harness.Health.Advices.Select(a => a.Key), Is.EqualTo(new[] { "auto_configure configuration of two.example", "auto_configure network of two.example" }));
        await StopAsync(running);
    }

    [Test]
    public async Task What_passes_is_tried_again_told_once_and_forgotten_when_it_is_over()
    {
        _tailnet.Faults.Sometimes(ApiEndpoint.Stream, ControlPlaneFault.Refuses(500), probability: 1);
        var running = StartOn(_harness.Target(_harness.Client(_tailnet)));
        await UntilAsync(() => _time.ActiveTimers == 1);
        Assert.That(_harness.Health.Advices.Select(a => a.Key), Is.EqualTo(new[] { "auto_configure configuration", "auto_configure network" }));
        Assert.That(_harness.Meter[Errors], Is.EqualTo(2));

        _time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(() => _time.ActiveTimers == 1 && _tailnet.Requests.Total == 4);
        Assert.That(_harness.Log.Lines.Count(l => l.Contains("Trying again later", StringComparison.Ordinal)), Is.EqualTo(2), "one for each log");

        _tailnet.Faults.Clear();
        _time.Advance(TimeSpan.FromSeconds(20));
        await running.WaitAsync(Patience);

        Assert.That(_tailnet.Streams[LogType.Network], Is.Not.Null);
        Assert.That(_harness.Advices, Is.Empty);
    }

    [TestCase(403)]
    [TestCase(404)]
    public async Task What_lasts_is_told_once_and_asked_again_in_an_hour(int status)
    {
        _tailnet.Faults.Sometimes(ApiEndpoint.Stream, ControlPlaneFault.Refuses(status), probability: 1);
        var running = StartOn(_harness.Target(_harness.Client(_tailnet)));
        await UntilAsync(() => _time.ActiveTimers == 1);
        var asked = _tailnet.Requests.Total;
        Assert.That(_harness.Advices, Has.Some.Contains("log_streaming").Or.Some.Contains("plan"));

        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.That(_tailnet.Requests.Total, Is.EqualTo(asked));
        _time.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => _time.ActiveTimers == 1 && _tailnet.Requests.Total == 2 * asked);

        Assert.That(_harness.Log.Lines.Count(l => l.StartsWith("Error:", StringComparison.Ordinal) && l.Contains("do not come here", StringComparison.Ordinal)), Is.EqualTo(2), "one for each log");
        await StopAsync(running);
    }

    [Test]
    public async Task The_destination_of_somebody_else_is_left_and_not_asked_about_again()
    {
        await _tailnet.Streams.SetAsync(LogType.Network, StreamDestination.Of(JsonNode.Parse("""{"destinationType":"axiom","url":"https://api.axiom.example/v1"}""")!.AsObject(), "example.com", out _));

        await RunAsync(_harness.Target(_harness.Client(_tailnet)));

        Assert.That(_tailnet.Streams[LogType.Network]!.Destination.Type, Is.EqualTo("axiom"));
        Assert.That(_tailnet.Streams[LogType.Configuration]!.Destination.Type, Is.EqualTo("splunk"), "the other log has none");
        Assert.That(_harness.Health.Advices.Select(a => a.Key), Is.EqualTo(new[] { "auto_configure network" }));
        Assert.That(_harness.Meter[Errors], Is.EqualTo(1));
    }

    [Test]
    public async Task Tailscale_is_not_asked_about_a_URL_that_it_would_refuse()
    {
        await RunAsync(_harness.Target(_harness.Client(_tailnet), url: "http://100.64.0.1:8088/services/collector/event"));

        Assert.That(_tailnet.Requests.Total, Is.Zero);
        Assert.That(_harness.Advices, Has.Some.Contains("streaming.public_url: Tailscale refuses an IPv4 address of a tailnet"));
        Assert.That(_harness.Meter[Errors], Is.EqualTo(1));
    }

    [Test]
    public async Task Tailscale_is_not_told_to_come_without_a_token()
    {
        await RunAsync(_harness.Target(_harness.Client(_tailnet), token: ""));

        Assert.That(_tailnet.Requests.Total, Is.Zero);
        Assert.That(_harness.Advices, Has.Some.Contains("streaming.token: is empty"));
    }

    [Test]
    public async Task Without_a_credential_there_is_nobody_to_tell()
    {
        await RunAsync(_harness.Target(_harness.Client(_tailnet, auth: new ApiAuthOptions())));

        Assert.That(_tailnet.Requests.Total, Is.Zero);
        Assert.That(_harness.Advices, Has.Some.Contains("tailscale.auth: there is no credential"));
    }

    [Test]
    public async Task A_credential_that_is_missing_is_called_by_its_own_key()
    {
        var all = TailnetSettings.All(new TailscaleOptions(), new TailnetsOptions { Tailnets = [new TailnetOptions { Name = "a.example" }, new TailnetOptions { Name = "b.example" }] });
        await RunAsync(_harness.Target(_harness.Client(_tailnet, auth: new ApiAuthOptions(), authKey: all[1].AuthKey)));

        Assert.That(_harness.Advices, Has.Some.Contains("tailnets[1].auth: there is no credential"));
    }

    [Test]
    public async Task A_hanging_Tailscale_does_not_keep_the_daemon_from_stopping()
    {
        _tailnet.Faults.Sometimes(ApiEndpoint.Stream, ControlPlaneFault.SaysNothing(), probability: 1);
        var running = StartOn(_harness.Target(_harness.Client(_tailnet)));
        await UntilAsync(() => _tailnet.Requests.Total == 1);

        await StopAsync(running);

        Assert.That(_harness.Advices, Is.Empty, "a stop is no failure");
    }

    Task RunAsync(params StreamTarget[] targets) => StartOn(targets).WaitAsync(Patience);

    Task StartOn(params StreamTarget[] targets) => Task.Run(() => _harness.AutoConfigure().RunAsync(targets, _stop.Token));

    async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running.WaitAsync(Patience);
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.That(patience.IsCancellationRequested, Is.False, "it did not come about");
            await Task.Yield();
        }
    }
}
