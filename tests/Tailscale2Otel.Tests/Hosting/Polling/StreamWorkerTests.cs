using Microsoft.Extensions.DependencyInjection;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Polling;

/// <summary>The whole daemon and a simulated tailnet.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class StreamWorkerTests : IDisposable
{
    const string Url = "https://logs.example.com/services/collector/event";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Tailscale_is_told_once_and_not_again_at_the_next_start()
    {
        await using var tailnet = await SimulatedControlPlane.StartAsync(new ControlPlaneSettings(), TimeProvider.System);
        await using (var daemon = await StartAsync(tailnet))
        {
            await UntilAsync(() => MarksOf() == 2);
            await daemon.StopAsync();
        }

        var puts = Puts(tailnet);
        var asked = tailnet.Requests.Count(ApiEndpoint.Stream);
        await using (var daemon = await StartAsync(tailnet))
        {
            await UntilAsync(() => tailnet.Requests.Count(ApiEndpoint.Stream) >= asked + 2);
            await daemon.StopAsync();
        }

        Assert.That((puts, Puts(tailnet)), Is.EqualTo((2, 2)));
        Assert.That(tailnet.Streams[LogType.Network]!.Destination.Url?.ToString(), Is.EqualTo(Url));
        Assert.That(tailnet.Streams[LogType.Network]!.Destination.Token.Reveal(), Is.EqualTo(DaemonVariables.Token));
        foreach (var file in Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories))
            Assert.That(await File.ReadAllTextAsync(file), Does.Not.Contain(DaemonVariables.Token), file);
    }

    [Test]
    public async Task The_status_page_says_where_the_logs_go()
    {
        await using var tailnet = await SimulatedControlPlane.StartAsync(new ControlPlaneSettings(), TimeProvider.System);
        var admin = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var daemon = await StartAsync(tailnet, ("ADMIN__ENABLED", "true"), ("ADMIN__LISTEN", admin.Authority), ("COLLECTORS__LOG_STREAM__ENABLED", "true"));
        using var client = new DaemonClient(admin);

        await UntilAsync(() => daemon.Services.GetRequiredService<Health>().States.Count == 2);

        Assert.That((await client.ReadyAsync(admin)).Text, Does.StartWith("ready\n").And.Contain("\nstate: log stream network: Network flow logs"));
        await daemon.StopAsync();
    }

    static int Puts(SimulatedControlPlane tailnet) => tailnet.Requests.All.Count(r => r.Method == "PUT");

    int MarksOf() => Directory.GetDirectories(_folder.Path, "streams", SearchOption.AllDirectories).SelectMany(Directory.GetFiles).Count(f => !f.EndsWith(".tmp", StringComparison.Ordinal));

    async Task<Daemon> StartAsync(SimulatedControlPlane tailnet, params (string, string)[] more) => await Daemon.StartAsync(
        DaemonVariables.Load(
            _folder.Path,
            [("TAILSCALE__API_URL", tailnet.Url.ToString().TrimEnd('/')),
            ("TAILSCALE__AUTH__OAUTH__CLIENT_ID", tailnet.Credentials.ClientId),
            ("TAILSCALE__AUTH__OAUTH__CLIENT_SECRET", tailnet.Credentials.ClientSecret.Reveal()),
            ("TAILSCALE__AUTH__OAUTH__SCOPES", "all"),
            ("STREAMING__PUBLIC_URL", Url),
            ("STREAMING__AUTO_CONFIGURE", "true"),
            ("OTLP__PROTOCOL", "stdout"),
            .. more.Length > 0 ? more : [("COLLECTORS__LOG_STREAM__ENABLED", "false")]]),
        new StdoutWriters(TextWriter.Null, TextWriter.Null), null, default);

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
