using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tailscale2Otel.Hosting.Listeners;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Support;

/// <summary>The receiver behind a real socket on a free port of the loopback addresses.</summary>
sealed class HecHost : IAsyncDisposable
{
    public const string Token = "00000000-0000-0000-0000-000000000001";

    readonly WebApplication _app;
    readonly CancellationTokenSource _stopping = new();

    HecHost(HecOptions options, TimeProvider time, CollectingSpool spool)
    {
        Spool = spool;
        Metrics = new CollectingMeter();
        Log = new CollectingLogger();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(Log);
        Assert.That(ListenAddress.TryParse(options.Listen, out var address), Is.True, options.Listen);
        var logging = LoggerFactory.Create(l => l.AddProvider(Log));
        new ListenerSetup([new Listener("streaming", "stream", address!, options.Tls)], Metrics.Meter, time, logging).Apply(builder.WebHost);
        _app = builder.Build();
        Intake = new Intake(spool, new IngestMetrics(Metrics.Meter), _stopping.Token);
        var endpoint = new HecEndpoint(options, "example.com", Intake, Metrics.Meter, time, logging.CreateLogger<HecEndpoint>());
        _app.UseListener("streaming", endpoint.Map);
    }

    public CollectingSpool Spool { get; }

    public CollectingMeter Metrics { get; }

    public CollectingLogger Log { get; }

    public Intake Intake { get; }

    public int Port { get; private set; }

    public Uri Url => new($"{(IsTls ? "https" : "http")}://localhost:{Port}");

    bool IsTls { get; set; }

    /// <summary>One token, loopback, port 0 and the defaults, unless the test changes them.</summary>
    public static async Task<HecHost> StartAsync(Action<HecOptions>? change = null, TimeProvider? time = null, CollectingSpool? spool = null)
    {
        var options = new HecOptions { Enabled = true, Listen = "127.0.0.1:0", Token = [new Secret(Token)] };
        change?.Invoke(options);
        var host = new HecHost(options, time ?? TimeProvider.System, spool ?? new CollectingSpool()) { IsTls = options.Tls.CertFile.Length > 0 };
        await host._app.StartAsync();
        host.Port = new Uri(host._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Port;
        return host;
    }

    /// <summary>The daemon goes down; the server is still there for the senders that come meanwhile.</summary>
    public void Stop() => _stopping.Cancel();

    public Task<HecResponse> SendAsync(HecRequest request) => HecWire.SendAsync(new IPEndPoint(IPAddress.Loopback, Port), request);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token);
        await _app.DisposeAsync();
        Metrics.Dispose();
        _stopping.Dispose();
    }
}
