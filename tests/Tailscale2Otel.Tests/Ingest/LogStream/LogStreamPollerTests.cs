using System.Text.Json.Nodes;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.LogStream;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LogStreamPollerTests : IAsyncDisposable
{
    const string Network = "tailscale.logstream.type=network";

    static readonly StreamDelivery Delivery = new(Entries: 1000, Bytes: 50_000, Requests: 10, Failed: 1);

    readonly ManualTime _time = new();
    readonly StreamHarness _harness;
    SimulatedControlPlane _tailnet = null!;
    LogStreamPoller _poller = null!;

    public LogStreamPollerTests() => _harness = new StreamHarness(_time);

    [SetUp]
    public async Task StartAsync()
    {
        _tailnet = await StreamHarness.StartAsync();
        _poller = _harness.Poller(_harness.Client(_tailnet));
    }

    public async ValueTask DisposeAsync()
    {
        await _tailnet.DisposeAsync();
        await _harness.DisposeAsync();
    }

    [TearDown]
    public void The_token_is_nowhere_to_be_read() => Assert.That(_harness.Output, Does.Not.Contain(StreamHarness.Token));

    [Test]
    public async Task Without_a_destination_that_is_all_there_is_to_say()
    {
        await PollAsync();

        Assert.That(Values("configured"), Is.EqualTo(new Dictionary<string, long> { [Network] = 0, ["tailscale.logstream.type=configuration"] = 0 }));
        foreach (var name in new[] { "error", "last_activity", "bytes_sent", "entries_sent", "spoofed_entries", "requests", "requests_failed", "max_body_requests" })
            Assert.That(Values(name), Is.Empty, name);
        Assert.That(_tailnet.Requests.Count(ApiEndpoint.StreamStatus), Is.Zero);
        Assert.That(_harness.Health.States.Select(s => s.Value), Is.EqualTo(new[] { "Configuration logs are not streamed", "Network flow logs are not streamed" }));
    }

    [Test]
    public async Task Counters_grow_by_what_Tailscale_counted_since_the_first_look()
    {
        await StreamAsync();
        Tell(Delivery);
        await PollAsync();
        var first = Values("entries_sent")[Network];

        Tell(Delivery with { Entries = 1500, Bytes = 90_000, Requests = 14, Failed = 2 });
        await PollAsync();

        Assert.That(first, Is.Zero);
        Assert.That((Values("entries_sent")[Network], Values("bytes_sent")[Network], Values("requests")[Network], Values("requests_failed")[Network]), Is.EqualTo((500, 40_000, 4, 1)));
        Assert.That(Values("entries_sent").Keys, Is.EqualTo(new[] { Network }));
    }

    [Test]
    public async Task Counters_that_begin_again_lose_nothing_that_was_seen()
    {
        await StreamAsync();
        Tell(Delivery);
        await PollAsync();

        Tell(Delivery with { Entries = 70, Bytes = 3000, Requests = 2, Failed = 0 });
        await PollAsync();

        Assert.That((Values("entries_sent")[Network], Values("bytes_sent")[Network], Values("requests")[Network], Values("requests_failed")[Network]), Is.EqualTo((70, 3000, 2, 0)));
    }

    [TestCase(404)]
    [TestCase(502)]
    public async Task A_status_that_cannot_be_had_is_no_failure_and_changes_nothing(int status)
    {
        await StreamAsync();
        Tell(Delivery);
        await PollAsync();
        _tailnet.Faults.Next(ApiEndpoint.StreamStatus, ControlPlaneFault.Refuses(status), times: 2);

        await PollAsync();
        await PollAsync();

        Assert.That(Values("configured")[Network], Is.EqualTo(1));
        Assert.That(Values("error")[Network], Is.Zero);
        Assert.That(Values("entries_sent")[Network], Is.Zero);
        Assert.That(_harness.Advices, Is.Empty);
        Assert.That(_harness.Health.States.Select(s => s.Value), Has.Some.EndsWith("(the last 2 statuses could not be had)"));
    }

    [Test]
    public async Task What_Tailscale_could_not_deliver_is_told_once_for_each_change_and_without_what_it_must_not_say()
    {
        await StreamAsync();
        var error = $"POST {StreamHarness.Url}?x=hunter2 as ada@example.com from 100.64.1.2: 403\r\nSplunk {StreamHarness.Token}";
        Tell(Delivery with { LastError = error });
        await PollAsync();
        await PollAsync();

        var told = _harness.Log.Lines.Where(l => l.Contains("last delivery failed", StringComparison.Ordinal)).ToArray();
        Assert.That(told, Has.Length.EqualTo(1));
        Assert.That(told[0].Trim(), Is.EqualTo("Warning: Network flow logs: Tailscale's last delivery failed: HTTP 403"));
        Assert.That(Values("error")[Network], Is.EqualTo(1));
        Assert.That(_harness.Advices, Has.Some.EqualTo("log stream network: Tailscale's last delivery failed: HTTP 403"));
        Assert.That(_harness.Output, Does.Not.Contain("hunter2").And.Not.Contain("ada@").And.Not.Contain("100.64."));

        Tell(Delivery with { LastError = "connection refused" });
        await PollAsync();
        Assert.That(_harness.Log.Lines.Count(l => l.Contains("last delivery failed", StringComparison.Ordinal)), Is.EqualTo(2));

        Tell(Delivery);
        await PollAsync();
        Assert.That(Values("error")[Network], Is.Zero);
        Assert.That(_harness.Advices, Is.Empty);
        Assert.That(_harness.Log.Lines, Has.Some.Contains("Network flow logs: Tailscale delivers again"));
    }

    [Test]
    public async Task Last_activity_is_when_Tailscale_says()
    {
        await StreamAsync();
        Tell(Delivery);
        await PollAsync();
        Assert.That(Values("last_activity"), Is.Empty);

        Tell(Delivery with { LastActivity = new DateTimeOffset(2026, 7, 27, 12, 0, 0, TimeSpan.Zero) });
        await PollAsync();
        Assert.That(Values("last_activity").Keys, Is.EqualTo(new[] { Network }));
        Assert.That(_harness.Health.States.Select(s => s.Value), Has.Some.Contains("last activity 2026-07-27T12:00:00Z"));
    }

    [Test]
    public async Task A_credential_that_may_not_see_it_costs_two_requests_an_hour_and_no_failure()
    {
        _tailnet.Faults.Sometimes(ApiEndpoint.Stream, ControlPlaneFault.Refuses(403), probability: 1);
        for (var i = 0; i < 6; i++)
        {
            Assert.That(await _poller.PollAsync(CancellationToken.None), Is.EqualTo(PollResult.Done));
            _time.Advance(TimeSpan.FromMinutes(9.9));
        }

        Assert.That(_tailnet.Requests.Total, Is.EqualTo(2));
        Assert.That(Values("configured"), Is.Empty);
        Assert.That(_harness.Log.Lines.Count(l => l.StartsWith("Warning", StringComparison.Ordinal)), Is.EqualTo(2), "one for each log");

        _tailnet.Faults.Clear();
        _time.Advance(TimeSpan.FromMinutes(1));
        await PollAsync();
        Assert.That(Values("configured"), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_server_in_trouble_is_a_failed_run_and_leaves_what_is_known()
    {
        await StreamAsync();
        Tell(Delivery);
        await PollAsync();
        _tailnet.Faults.Sometimes(ApiEndpoint.Stream, ControlPlaneFault.Refuses(500), probability: 1);

        var result = await _poller.PollAsync(CancellationToken.None);

        Assert.That(result.Failure?.ErrorType, Is.EqualTo("transient_failure"));
        Assert.That(Values("configured")[Network], Is.EqualTo(1));
    }

    [Test]
    public async Task A_destination_that_somebody_changed_is_told_and_left_so()
    {
        await SetUpAsync();
        await PollAsync();
        Assert.That(Drift()[Network], Is.Zero);

        await StreamAsync("https://elsewhere.example.com/event?x=hunter2");
        await PollAsync();
        await PollAsync();

        Assert.That(Drift()[Network], Is.EqualTo(1));
        Assert.That(_harness.Log.Lines.Count(l => l.StartsWith("Warning: Network flow logs: Tailscale streams them to another destination (splunk at https://elsewhere.example.com/event)", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(_harness.Advices, Has.Some.StartsWith("log stream destination network: "));
        Assert.That(_tailnet.Streams[LogType.Network]!.Destination.Url?.Host, Is.EqualTo("elsewhere.example.com"));
        Assert.That(_harness.Output, Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task A_destination_that_somebody_removed_is_told_until_it_is_back()
    {
        await SetUpAsync();
        await _tailnet.Streams.SetAsync(LogType.Network, null);
        await PollAsync();

        Assert.That(Drift()[Network], Is.EqualTo(1));
        Assert.That(Values("configured")[Network], Is.Zero);
        Assert.That(_harness.Advices, Has.Some.Contains("Tailscale streams them to no destination"));

        await SetUpAsync();
        await PollAsync();
        Assert.That(Drift()[Network], Is.Zero);
        Assert.That(_harness.Advices, Is.Empty);
    }

    [Test]
    public async Task A_destination_that_was_not_set_from_here_cannot_drift()
    {
        await StreamAsync();
        await PollAsync();
        await StreamAsync("https://elsewhere.example.com/event");
        await PollAsync();

        Assert.That(Drift(), Is.Empty);
        Assert.That(_harness.Advices, Is.Empty);
    }

    [Test]
    public async Task Two_tailnets_are_told_apart()
    {
        await using var other = await StreamHarness.StartAsync();
        await StreamAsync();
        var poller = _harness.Poller(_harness.Client(other, "example.com"));

        await PollAsync();
        await poller.PollAsync(CancellationToken.None);

        Assert.That(Values("configured")[Network], Is.EqualTo(1));
        Assert.That(Values("configured")[Network + ",tailscale.tailnet=example.com"], Is.Zero);
        Assert.That(_harness.Health.States.Select(s => s.Key), Has.Member("log stream network").And.Member("log stream network of example.com"));
    }

    async Task PollAsync() => Assert.That(await _poller.PollAsync(CancellationToken.None), Is.EqualTo(PollResult.Done));

    async Task SetUpAsync() => Assert.That(
        (await _harness.Setup().RunAsync(_harness.Target(_harness.Client(_tailnet), overwrite: true), LogType.Network, CancellationToken.None)).IsDone, Is.True);

    Task StreamAsync(string url = StreamHarness.Url)
    {
        var body = new JsonObject { ["destinationType"] = "splunk", ["url"] = url, ["user"] = "siem", ["token"] = "x" };
        return _tailnet.Streams.SetAsync(LogType.Network, StreamDestination.Of(body, "example.com", out _));
    }

    void Tell(StreamDelivery delivery) => _tailnet.Streams[LogType.Network]!.Told = delivery;

    SortedDictionary<string, long> Values(string name) => _harness.Readings.Observe("tailscale.logstream." + name);

    SortedDictionary<string, long> Drift() => _harness.Readings.Observe("tailscale2otel.logstream.drift");
}
