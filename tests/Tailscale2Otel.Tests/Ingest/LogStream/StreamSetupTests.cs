using System.Text.Json.Nodes;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Ingest.LogStream;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StreamSetupTests : IAsyncDisposable
{
    readonly StreamHarness _harness = new();
    SimulatedControlPlane _tailnet = null!;

    [SetUp]
    public async Task StartAsync() => _tailnet = await StreamHarness.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _tailnet.DisposeAsync();
        await _harness.DisposeAsync();
    }

    [TearDown]
    public void The_token_is_nowhere_to_be_read() => Assert.That(_harness.Output, Does.Not.Contain(StreamHarness.Token));

    [Test]
    public async Task Sets_a_destination_where_there_is_none([Values(true, false)] bool isNetwork)
    {
        var type = isNetwork ? LogType.Network : LogType.Configuration;
        var result = await RunAsync(type: type);

        var set = _tailnet.Streams[type]!.Destination;
        Assert.That(result, Is.EqualTo(new SetupResult(SetupState.Set)));
        Assert.That((set.Type, set.Url?.ToString(), set.User, set.Token.Reveal()), Is.EqualTo(("splunk", StreamHarness.Url, "tailscale2otel", StreamHarness.Token)));
        Assert.That((string?)set.Members["compressionFormat"], Is.EqualTo("gzip"));
        Assert.That(_tailnet.Streams[type == LogType.Network ? LogType.Configuration : LogType.Network], Is.Null);
    }

    [Test]
    public async Task Asks_once_and_changes_nothing_when_it_is_set_already()
    {
        await RunAsync();
        var before = Puts();

        var result = await RunAsync();

        Assert.That(result, Is.EqualTo(new SetupResult(SetupState.AlreadySet)));
        Assert.That(Puts(), Is.EqualTo(before));
    }

    [Test]
    public async Task Sets_it_again_when_the_token_is_another()
    {
        await RunAsync();

        var result = await RunAsync(t => t with { Wanted = t.Wanted with { Token = new Model.Secret("00000000-0000-0000-0000-0000000c0de2") } });

        Assert.That(result.State, Is.EqualTo(SetupState.Set));
        Assert.That(_tailnet.Streams[LogType.Network]!.Destination.Token.Reveal(), Is.EqualTo("00000000-0000-0000-0000-0000000c0de2"));
    }

    [Test]
    public async Task Sets_it_again_when_it_was_not_set_from_here_and_nobody_knows_the_token()
    {
        await PutAsync($$"""{"destinationType":"splunk","url":"{{StreamHarness.Url}}","user":"tailscale2otel","token":"old"}""");

        Assert.That((await RunAsync()).State, Is.EqualTo(SetupState.Set));
        Assert.That(_tailnet.Streams[LogType.Network]!.Destination.Token.Reveal(), Is.EqualTo(StreamHarness.Token));
    }

    [TestCase("""{"destinationType":"splunk","url":"https://splunk.example.com:8088/services/collector/event?x=hunter2","user":"siem","token":"hunter2"}""", "splunk at https://splunk.example.com:8088/services/collector/event")]
    [TestCase("""{"destinationType":"panther","url":"https://logs.example.com/http/hunter2","token":"hunter2"}""", "panther at https://logs.example.com/…")]
    [TestCase("""{"destinationType":"gcs","gcsBucket":"logs","gcsCredentials":"hunter2"}""", "gcs")]
    [TestCase("""{"destinationType":"s3","s3Bucket":"logs","s3AccessKeyId":"hunter2","s3SecretAccessKey":"hunter2"}""", "s3")]
    public async Task Leaves_the_destination_of_somebody_else_alone_and_says_what_it_is(string present, string described)
    {
        await PutAsync(present);

        var result = await RunAsync();

        Assert.That(result.State, Is.EqualTo(SetupState.Occupied));
        Assert.That(result.Advice, Does.Contain($"({described})").And.Contain("auto_configure_overwrite"));
        Assert.That(Puts(), Is.Zero);
        Assert.That(result.Advice + _harness.Output, Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Replaces_the_destination_of_somebody_else_when_told_to_and_says_what_it_was()
    {
        await PutAsync("""{"destinationType":"splunk","url":"https://splunk.example.com/event?x=hunter2","user":"siem","token":"hunter2"}""");

        var result = await RunAsync(t => t with { Overwrite = true });

        Assert.That(result.State, Is.EqualTo(SetupState.Set));
        Assert.That(_tailnet.Streams[LogType.Network]!.Destination.Url?.ToString(), Is.EqualTo(StreamHarness.Url));
        Assert.That(_harness.Log.Lines, Has.Some.StartsWith("Warning: Network flow logs were streamed to splunk at https://splunk.example.com/event, which somebody else set"));
        Assert.That(_harness.Output, Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Moves_its_own_destination_to_a_new_URL_without_being_told_to_replace()
    {
        await RunAsync();

        var result = await RunAsync(t => t with { Wanted = t.Wanted with { Url = "https://new.example.com/services/collector/event" } });

        Assert.That(result.State, Is.EqualTo(SetupState.Set));
        Assert.That(_tailnet.Streams[LogType.Network]!.Destination.Url?.Host, Is.EqualTo("new.example.com"));
    }

    [Test]
    public async Task Does_not_take_another_daemon_of_its_kind_for_itself()
    {
        await PutAsync("""{"destinationType":"splunk","url":"https://other.example.com/services/collector/event","user":"tailscale2otel","token":"x"}""");

        Assert.That((await RunAsync()).State, Is.EqualTo(SetupState.Occupied));
    }

    [Test]
    public async Task Says_so_when_Tailscale_shows_another_destination_than_it_accepted()
    {
        var result = await RunAsync(meddle: () => PutAsync("""{"destinationType":"axiom","url":"https://api.axiom.example/hunter2"}"""));

        Assert.That(result.State, Is.EqualTo(SetupState.Different));
        Assert.That(result.Advice, Does.Contain("shows axiom at https://api.axiom.example/…"));
    }

    [Test]
    public async Task Says_so_when_Tailscale_shows_none_after_it_accepted()
    {
        var result = await RunAsync(meddle: () => _tailnet.Streams.SetAsync(LogType.Network, null));

        Assert.That(result, Is.EqualTo(new SetupResult(SetupState.Different, "Tailscale accepted the destination and shows none: look at it in the admin console under Logs")));
    }

    [Test]
    public async Task Says_which_scope_the_configuration_does_not_ask_for()
    {
        var auth = new ApiAuthOptions { Oauth = { ClientId = _tailnet.Credentials.ClientId, ClientSecret = _tailnet.Credentials.ClientSecret } };

        var result = await RunAsync(auth: auth);

        Assert.That(result.State, Is.EqualTo(SetupState.Refused));
        Assert.That(result.Advice, Does.Contain("cannot be set").And.Contain("tailscale.auth.oauth.scopes, and log_streaming is not among them"));
    }

    [Test]
    public async Task Says_which_scopes_a_private_endpoint_needs()
    {
        var auth = new ApiAuthOptions { Oauth = { ClientId = _tailnet.Credentials.ClientId, ClientSecret = _tailnet.Credentials.ClientSecret, Scopes = ["log_streaming"] } };

        var result = await RunAsync(t => t with { Wanted = t.Wanted with { Url = "http://node:8088/services/collector/event" } }, auth: auth);

        Assert.That(result.State, Is.EqualTo(SetupState.Refused));
        Assert.That(result.Advice, Does.Contain("device_invites").And.Contain("policy_file"));
    }

    [TestCase(404, nameof(SetupState.Refused))]
    [TestCase(403, nameof(SetupState.Refused))]
    [TestCase(500, nameof(SetupState.Failed))]
    [TestCase(429, nameof(SetupState.Failed))]
    [TestCase(401, nameof(SetupState.Failed))]
    public async Task Tells_what_lasts_from_what_passes(int status, string expected)
    {
        var result = await RunAsync(meddle: null, faultOnPut: ControlPlaneFault.Answers(status, $$"""{"message":"no {{StreamHarness.Token}}"}"""));

        Assert.That(result.State.ToString(), Is.EqualTo(expected));
        Assert.That(result.Advice, Does.Contain("cannot be set").And.Contain($"{status}").And.Not.Contain(StreamHarness.Token));
    }

    [Test]
    public async Task Asks_for_the_plain_form_when_the_compressed_one_is_refused()
    {
        var result = await RunAsync(faultOnPut: ControlPlaneFault.Refuses(400));

        Assert.That(result.State, Is.EqualTo(SetupState.Set));
        Assert.That(_tailnet.Streams[LogType.Network]!.Destination.Members.ContainsKey("compressionFormat"), Is.False);
        Assert.That(_harness.Log.Lines, Has.Some.Contains("Tailscale refuses gzip for this destination"));
        Assert.That((await RunAsync()).State, Is.EqualTo(SetupState.AlreadySet), "it is not asked for again at each start");
    }

    [Test]
    public async Task Stops_when_told_to_while_Tailscale_hangs()
    {
        _tailnet.Faults.Next(ApiEndpoint.Stream, ControlPlaneFault.SaysNothing());
        using var stop = new CancellationTokenSource();
        var running = _harness.Setup().RunAsync(_harness.Target(_harness.Client(_tailnet)), LogType.Network, stop.Token);

        await stop.CancelAsync();

        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
    }

    Task<SetupResult> RunAsync(
        Func<StreamTarget, StreamTarget>? change = null, Func<Task>? meddle = null, ApiAuthOptions? auth = null, LogType type = LogType.Network, ControlPlaneFault? faultOnPut = null)
    {
        if (faultOnPut is not null)
        {
            // The first request asks what is there; the answer is the right one, and the next goes wrong.
            _tailnet.Faults.Next(ApiEndpoint.Stream, ControlPlaneFault.Refuses(404));
            _tailnet.Faults.Next(ApiEndpoint.Stream, faultOnPut);
        }

        var target = _harness.Target(_harness.Client(_tailnet, meddle: meddle, auth: auth));
        return _harness.Setup().RunAsync(change?.Invoke(target) ?? target, type, CancellationToken.None);
    }

    int Puts() => _tailnet.Requests.All.Count(r => r.Method == "PUT");

    Task PutAsync(string body)
    {
        var destination = StreamDestination.Of(JsonNode.Parse(body)!.AsObject(), "example.com", out var problem);
        Assert.That(problem, Is.Empty);
        return _tailnet.Streams.SetAsync(LogType.Network, destination);
    }
}
