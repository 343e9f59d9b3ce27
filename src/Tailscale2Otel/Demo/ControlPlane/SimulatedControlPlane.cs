using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>
/// The API of one tailnet on a port of loopback, as its documentation and captures describe it: tokens and scopes, logs and their
/// streams, devices, settings. What goes wrong with which request can be said beforehand. For concurrent use; any number of them
/// in one process.
/// </summary>
sealed class SimulatedControlPlane : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ControlPlaneApi _api;

    SimulatedControlPlane(ControlPlaneSettings settings, TimeProvider time)
    {
        Clock = new ControlPlaneClock(time);
        Tokens = new AccessTokens(Credentials, Clock);
        Devices = new ControlPlaneDevices(settings.Nodes);
        Streams = new LogStreams(settings, Clock);
        Logs = new ControlPlaneLogs(settings, Streams, Clock);
        _api = new ControlPlaneApi(this, settings);
        _app = Build();
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri Url { get; private set; } = null!;

    public ControlPlaneCredentials Credentials { get; } = new();

    public AccessTokens Tokens { get; }

    public ControlPlaneLogs Logs { get; }

    public LogStreams Streams { get; }

    public ControlPlaneDevices Devices { get; }

    public TailnetFeatureFlags Features { get; } = new();

    public ControlPlaneFaults Faults { get; } = new();

    public ControlPlaneRequests Requests { get; } = new();

    public ControlPlaneClock Clock { get; }

    /// <summary>Ends when requests are taken.</summary>
    public static async Task<SimulatedControlPlane> StartAsync(ControlPlaneSettings settings, TimeProvider time, CancellationToken cancellation = default)
    {
        var controlPlane = new SimulatedControlPlane(settings, time);
        try
        {
            await controlPlane._app.StartAsync(cancellation);
            controlPlane.Url = new Uri(controlPlane._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            return controlPlane;
        }
        catch
        {
            await controlPlane.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends requests that are still being answered.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        await Streams.DisposeAsync();
    }

    WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, DaemonLifetime>();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A client that reads slowly is somebody's test.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(HandleAsync);
        return app;
    }

    async Task HandleAsync(HttpContext context)
    {
        var route = ApiRoute.Of(context.Request.Path.ToString());
        var request = Requests.Begin(context, route.Endpoint, Clock.Now);
        context.Response.Headers.Date = Clock.Now.ToString("r", CultureInfo.InvariantCulture);
        try
        {
            if (Faults.Take(route.Endpoint) is not { } fault)
            {
                await _api.AnswerAsync(context, route);
                return;
            }

            request.IsLost = fault.Kind is FaultKind.Reset or FaultKind.Silence;
            await new FaultyRequest(fault, Tokens, Clock).RunAsync(context, c => _api.AnswerAsync(c, route));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, or the server goes.
        }
    }
}
