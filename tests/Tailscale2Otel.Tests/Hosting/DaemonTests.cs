using System.Net;
using System.Net.Sockets;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Hosting.Listeners;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting;

/// <summary>The whole daemon on real sockets, inside the test process.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class DaemonTests : IDisposable
{
    static readonly ListenAddress AnyPort = new(IPAddress.Loopback, 0);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task What_is_posted_arrives_at_the_backend_once_and_is_counted()
    {
        await using var backend = await OtlpReceiver.StartAsync();
        await using var daemon = await StartAsync(("OTLP__ENDPOINT", backend.HttpEndpoint.ToString()));
        using var client = new DaemonClient(daemon.Address(AnyPort));

        using var response = await client.PostAsync(3);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await backend.WaitForRecordsAsync(3), Has.Count.EqualTo(3));
        await daemon.StopAsync();
        Assert.That(backend.LogRecords, Has.Count.EqualTo(3));
        Assert.That((await backend.WaitForMetricAsync("tailscale2otel.ingest.records")).NumberPoints().Sum(p => p.Number()), Is.EqualTo(3));
    }

    [Test]
    public async Task A_full_spool_turns_senders_away_until_the_backend_answers_again()
    {
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await OtlpReceiver.StartAsync();
        backend.Decide = request => request.Logs is null ? OtlpAnswer.Ok : OtlpAnswer.After(back.Task);
        var admin = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var daemon = await StartAsync(
            ("OTLP__ENDPOINT", backend.HttpEndpoint.ToString()), ("OTLP__TIMEOUT", "60s"),
            ("SPOOL__MAX_BYTES", "1048576"), ("SPOOL__SEGMENT_BYTES", "65536"), ("SPOOL__MIN_FREE_BYTES", "0"),
            ("ADMIN__ENABLED", "true"), ("ADMIN__LISTEN", admin.Authority));
        using var client = new DaemonClient(daemon.Address(AnyPort));
        Assert.That(await client.ReadyAsync(admin), Is.EqualTo((HttpStatusCode.OK, "ready\n")));

        using var refused = await client.PostUntilAsync(HttpStatusCode.ServiceUnavailable, 200);
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("\"code\":9"));
        Assert.That(refused.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        var (status, text) = await client.ReadyAsync(admin);
        Assert.That(status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(text, Does.StartWith("not ready\nspool: ").And.Contain("spool.max_bytes is 1048576"));

        back.SetResult();
        using var taken = await client.PostUntilAsync(HttpStatusCode.OK, 200);
        Assert.That((await client.ReadyAsync(admin)).Text, Does.StartWith("ready\n"));
        await backend.WaitForRecordsAsync(client.Acknowledged);
        await daemon.StopAsync();
        Assert.That(backend.LogRecords.Select(r => r.Attributes()["log.record.uid"]).Distinct().Count(), Is.EqualTo(client.Acknowledged));
        Assert.That(backend.LogRecords, Has.Count.EqualTo(client.Acknowledged));
    }

    [Test]
    public async Task What_the_start_finds_broken_is_in_the_metrics()
    {
        await using var backend = await OtlpReceiver.StartAsync();
        await using (var first = await StartAsync(("OTLP__ENDPOINT", backend.HttpEndpoint.ToString())))
        {
            using var client = new DaemonClient(first.Address(AnyPort));
            using var response = await client.PostAsync(1);
            await backend.WaitForRecordsAsync(1);
        }

        await File.AppendAllTextAsync(Directory.GetFiles(_folder.Path, "*.seg").Single(), "rubbish");
        await using var second = await StartAsync(("OTLP__ENDPOINT", backend.HttpEndpoint.ToString()));

        Assert.That((await backend.WaitForMetricAsync("tailscale2otel.spool.damaged")).NumberPoints().Single().Number(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_second_daemon_on_the_same_spool_does_not_start()
    {
        await using var first = await StartAsync();
        var config = DaemonVariables.Load(_folder.Path);

        var fault = Assert.ThrowsAsync<SpoolException>(() => Daemon.StartAsync(config, null, null, default));

        Assert.That(fault!.Message, Does.Contain(_folder.Path).And.Contain("in use by another process").And.Contain("spool.directory"));
        Assert.That(await RunAsync(config), Is.EqualTo((ExitCode.Failed, $"tailscale2otel: {fault.Message}")));
    }

    [Test]
    public async Task A_port_in_use_is_named_by_its_key_and_leaves_the_spool_free()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = other.LocalEndpoint.ToString()!;
        var config = DaemonVariables.Load(_folder.Path, ("STREAMING__LISTEN", address));

        var fault = Assert.ThrowsAsync<ListenException>(() => Daemon.StartAsync(config, null, null, default));

        Assert.That(fault!.Message, Does.Contain("streaming.listen").And.Contain(address));
        Assert.That(await RunAsync(config), Is.EqualTo((ExitCode.Failed, $"tailscale2otel: {fault.Message}")));
        await using var next = await StartAsync();
    }

    [Test]
    public async Task A_file_in_the_spool_that_may_not_be_used_is_told_in_one_line()
    {
        // Nobody may write to a directory as to a file, and root neither.
        Directory.CreateDirectory(_folder.File("dedup/tailnet.tmp"));

        var (code, words) = await RunAsync(DaemonVariables.Load(_folder.Path));

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(words, Does.Contain("dedup/tailnet.tmp").And.Contain("must belong to the user that the daemon runs as").And.Not.Contain("\n"));
    }

    [Test]
    public async Task Ends_with_0_when_it_is_told_to_stop()
    {
        using var stop = new CancellationTokenSource();
        await using var daemon = await StartAsync();

        var waiting = daemon.WaitAsync(stop.Token);
        Assert.That(waiting.IsCompleted, Is.False);
        await stop.CancelAsync();

        Assert.That(await waiting, Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public async Task A_defect_in_the_pipeline_ends_it_with_1_and_is_told()
    {
        using var words = new StringWriter();
        var console = Console.Error;
        Console.SetError(words);
        try
        {
            var closed = new StringWriter();
            await closed.DisposeAsync();
            await using var daemon = await Daemon.StartAsync(
                DaemonVariables.Load(_folder.Path, ("OTLP__PROTOCOL", "stdout")), new StdoutWriters(closed, TextWriter.Null), null, default);
            using var client = new DaemonClient(daemon.Address(AnyPort));
            using var response = await client.PostAsync(1);

            Assert.That(await daemon.WaitAsync(default).WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(ExitCode.Failed));
        }
        finally
        {
            Console.SetError(console);
        }

        Assert.That(words.ToString(), Does.Contain(nameof(ObjectDisposedException)));
    }

    [Test]
    public async Task Its_metrics_end_with_it()
    {
        await using (await StartAsync())
        {
        }

        using var later = new LiveInstruments();
        Assert.That(later.Observe(), Is.Empty);
    }

    async Task<Daemon> StartAsync(params (string Key, string Value)[] settings) =>
        await Daemon.StartAsync(DaemonVariables.Load(_folder.Path, settings), null, null, default);

    static async Task<(int Code, string Error)> RunAsync(LoadedConfig config)
    {
        using var words = new StringWriter();
        var console = Console.Error;
        Console.SetError(words);
        try
        {
            return (await Daemon.RunAsync(config, default), words.ToString().TrimEnd());
        }
        finally
        {
            Console.SetError(console);
        }
    }
}
