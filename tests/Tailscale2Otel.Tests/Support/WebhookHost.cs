using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tailscale2Otel.Hosting.Listeners;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Support;

/// <summary>The webhook receiver behind a real socket on a free port of the loopback addresses.</summary>
sealed class WebhookHost : IAsyncDisposable
{
    public static readonly TimeSpan Memory = TimeSpan.FromHours(26);

    readonly WebApplication _app;
    readonly CancellationTokenSource _stopping = new();

    WebhookHost(WebhookOptions options, TimeProvider time, CollectingSpool spool)
    {
        Spool = spool;
        Metrics = new CollectingMeter();
        Log = new CollectingLogger();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(Log);
        Assert.That(ListenAddress.TryParse(options.Listen, out var address), Is.True, options.Listen);
        var logging = LoggerFactory.Create(l => l.AddProvider(Log));
        new ListenerSetup([new Listener("webhook", "webhook", address!, options.Tls)], Metrics.Meter, TimeProvider.System, logging).Apply(builder.WebHost);
        _app = builder.Build();
        var intake = new Intake(spool, new IngestMetrics(Metrics.Meter), _stopping.Token);
        var endpoint = new WebhookEndpoint(
            options,
            WebhookDoor.Of(options, "example.com", Memory, time),
            new WebhookKeeper(intake, time),
            new WebhookMetrics(Metrics.Meter),
            TimeProvider.System,
            logging.CreateLogger<WebhookEndpoint>());
        _app.UseListener("webhook", endpoint.Map);
    }

    public CollectingSpool Spool { get; }

    public CollectingMeter Metrics { get; }

    public CollectingLogger Log { get; }

    public int Port { get; private set; }

    /// <summary>One secret, loopback, port 0 and the defaults, unless the test changes them.</summary>
    /// <param name="time">What the signatures' times are held against.</param>
    public static async Task<WebhookHost> StartAsync(Action<WebhookOptions>? change = null, TimeProvider? time = null, CollectingSpool? spool = null)
    {
        var options = new WebhookOptions { Enabled = true, Listen = "127.0.0.1:0", Secret = [new Secret(SignedDelivery.Secret)] };
        change?.Invoke(options);
        var host = new WebhookHost(options, time ?? At(SignedDelivery.ExampleTime), spool ?? new CollectingSpool());
        await host._app.StartAsync();
        host.Port = new Uri(host._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Port;
        return host;
    }

    public static ManualTime At(long unixSeconds) => new(DateTimeOffset.FromUnixTimeSeconds(unixSeconds));

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
