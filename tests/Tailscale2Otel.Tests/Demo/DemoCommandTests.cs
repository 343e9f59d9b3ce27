using System.Net.Http.Headers;
using System.Text.Json;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Demo;
using Tailscale2Otel.Ingest.Webhook;

namespace Tailscale2Otel.Tests.Demo;

[TestFixture]
public sealed class DemoCommandTests
{
    StringWriter _output = new();
    DemoSetup? _setup;

    [SetUp]
    public void Forget() => (_output, _setup) = (new StringWriter(), null);

    [TearDown]
    public void Dispose() => _output.Dispose();

    [Test]
    public async Task Every_record_is_accounted_for_and_the_exit_code_says_so()
    {
        await using var receiver = new CountingReceiver();
        using var stop = StopAfter(receiver, requests: 8);

        var exitCode = await RunAsync(receiver, new DemoArguments { Rate = 3000 }, stop: stop.Token);

        Assert.That(exitCode, Is.Zero, _output.ToString());
        Assert.That(_output.ToString(), Does.Contain("the totals agree"));
        Assert.That(receiver.Counts.In, Is.GreaterThan(8 * SimulatedStream.TypicalBatch / 2));
        Assert.That(receiver.Counts.Duplicates, Is.GreaterThan(0), "no batch came twice");
        Assert.That(receiver.Requests.Select(r => r.Encoding).Distinct(), Is.EquivalentTo(new[] { "", "gzip", "zstd" }));
    }

    [Test]
    public async Task Flow_and_audit_records_come_in_separate_requests()
    {
        await using var receiver = new CountingReceiver();
        using var stop = StopAfter(receiver, requests: 8);

        await RunAsync(receiver, new DemoArguments { Rate = 3000 }, stop: stop.Token);

        var kinds = receiver.Requests.Select(r => (Flow: r.Events.Count(e => e.StartsWith("{\"nodeId\"", StringComparison.Ordinal)), All: r.Events.Length)).ToArray();
        Assert.That(kinds, Has.All.Matches<(int Flow, int All)>(k => k.Flow == 0 || k.Flow == k.All));
        Assert.That(kinds.Count(k => k.Flow == 0), Is.GreaterThan(0));
    }

    [Test]
    public async Task Signed_webhooks_come_beside_the_stream_and_are_in_the_totals()
    {
        await using var receiver = new CountingReceiver();
        using var stop = new CancellationTokenSource();
        receiver.Taken = () =>
        {
            if (receiver.Deliveries.Count >= 3)
                stop.Cancel();
        };

        var exitCode = await RunAsync(receiver, new DemoArguments(), stop: stop.Token);

        Assert.That(exitCode, Is.Zero, _output.ToString());
        var (header, body) = receiver.Deliveries[1];
        var signature = new WebhookVerifier([_setup!.WebhookSecret], TimeSpan.FromMinutes(5), TimeSpan.FromHours(26), TimeProvider.System);
        Assert.That(signature.Check(header, body), Is.EqualTo(new WebhookVerdict(WebhookFault.None, signature.Check(header, body).SignedAt)));
        Assert.That(receiver.Deliveries[2], Is.EqualTo(receiver.Deliveries[1]), "the second delivery comes twice");
        Assert.That(_output.ToString(), Does.Contain("events acknowledged in 3 signed deliveries").And.Not.Contain(_setup.WebhookSecret.Reveal()));
    }

    [Test]
    public async Task The_API_has_the_records_that_were_streamed_and_its_answers_are_in_the_totals()
    {
        await using var receiver = new CountingReceiver();
        using var stop = new CancellationTokenSource();
        var polled = -1;
        var asked = 0;
        receiver.Taken = () =>
        {
            if (receiver.Requests.Count < 4 || Interlocked.Exchange(ref asked, 1) != 0)
                return;
            polled = PollAsync(_setup!.Api!).GetAwaiter().GetResult();
            stop.Cancel();
        };

        var exitCode = await RunAsync(receiver, new DemoArguments { Rate = 3000, Api = true }, stop: stop.Token);

        Assert.That(exitCode, Is.Zero, _output.ToString());
        Assert.That(polled, Is.GreaterThan(SimulatedStream.TypicalBatch));
        Assert.That(_output.ToString(), Does.Contain($"of the {polled:N0} in the API's answers").And.Contain($"its API answers at {_setup!.Api!.Url}").And.Not.Contain(_setup.Api.ClientSecret.Reveal()));
    }

    /// <summary>Asks for all flow records as any client would; how many there were.</summary>
    static async Task<int> PollAsync(DemoApi api)
    {
        using var http = new HttpClient { BaseAddress = api.Url };
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("client_id", api.ClientId), KeyValuePair.Create("client_secret", api.ClientSecret.Reveal())]);
        using var answer = await http.PostAsync("/api/v2/oauth/token", form);
        using var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.RootElement.GetProperty("access_token").GetString());
        using var logs = JsonDocument.Parse(await http.GetStringAsync("/api/v2/tailnet/-/logging/network?start=2020-01-01T00:00:00Z&end=2099-01-01T00:00:00Z"));
        return logs.RootElement.GetProperty("logs").GetArrayLength();
    }

    [Test]
    public async Task A_run_with_a_duration_ends_by_itself()
    {
        await using var receiver = new CountingReceiver();

        var exitCode = await RunAsync(receiver, new DemoArguments { Duration = TimeSpan.FromMilliseconds(200) });

        Assert.That(exitCode, Is.Zero, _output.ToString());
    }

    [Test]
    public async Task Records_that_never_leave_fail_the_demo()
    {
        await using var receiver = new CountingReceiver();
        using var stop = StopAfter(receiver, requests: 1);
        var time = new ImpatientTime();
        receiver.Withheld = 3;

        var exitCode = await RunAsync(receiver, new DemoArguments { Rate = 3000 }, time, stop.Token);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(_output.ToString(), Does.Contain("PROBLEM: 3 records are still in the spool").And.Contain("NOT agree"));
        Assert.That(_output.ToString().Split("waits up to 30 s for the backend to take the 3 records"), Has.Length.EqualTo(2), "what it waits for is said once");
    }

    [Test]
    public async Task Arguments_out_of_range_start_nothing()
    {
        await using var receiver = new CountingReceiver();

        var exitCode = await RunAsync(receiver, new DemoArguments { Nodes = 1 });

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(_setup, Is.Null);
        Assert.That(_output.ToString(), Does.Contain("--nodes"));
    }

    [Test]
    public async Task The_daemon_gets_a_folder_of_its_own_that_is_gone_afterwards()
    {
        await using var receiver = new CountingReceiver();

        await RunAsync(receiver, new DemoArguments { Duration = TimeSpan.FromMilliseconds(50) });

        Assert.That(_setup!.SpoolDirectory, Does.Not.Exist);
        Assert.That(_setup.Token.IsEmpty, Is.False);
        Assert.That(_output.ToString(), Does.Not.Contain(_setup.Token.Reveal()).And.Contain("a log record").And.Contain("a metric point"));
    }

    /// <summary>Ctrl-C, at a moment that does not depend on how fast the machine is.</summary>
    static CancellationTokenSource StopAfter(CountingReceiver receiver, int requests)
    {
        var stop = new CancellationTokenSource();
        receiver.Taken = () =>
        {
            if (receiver.Requests.Count >= requests)
                stop.Cancel();
        };
        return stop;
    }

    Task<int> RunAsync(CountingReceiver receiver, DemoArguments arguments, TimeProvider? time = null, CancellationToken stop = default)
    {
        time ??= TimeProvider.System;
        var console = new DemoConsole(_output, isTerminal: false, () => 80, time);
        var command = new DemoCommand(
            async (setup, _) =>
            {
                _setup = setup;
                Assert.That(setup.SpoolDirectory, Does.Exist);
                await receiver.StartAsync();
                await setup.Records.WriteLineAsync("a log record");
                await setup.Metrics.WriteLineAsync("a metric point");
                return new DemoDaemon { HecUrl = receiver.Url, WebhookUrl = receiver.WebhookUrl, Counts = () => receiver.Counts, StopAsync = receiver.StopAsync };
            },
            console,
            time);
        return command.RunAsync(arguments, stop);
    }

    /// <summary>The system's time, except that half a minute is over at once and that stretches of time look ten times as long.</summary>
    sealed class ImpatientTime : TimeProvider
    {
        static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

        public override long TimestampFrequency => base.TimestampFrequency / 10;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > Patience ? TimeSpan.FromMilliseconds(1500) : dueTime, period);
    }
}
