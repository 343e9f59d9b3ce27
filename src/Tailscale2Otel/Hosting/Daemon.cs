using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Tailscale2Otel.Admin;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Hosting.Listeners;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Hosting.Supervision;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Hosting;

/// <summary>The daemon as one host: built from a valid configuration, started, and stopped in the order of the flow.</summary>
sealed partial class Daemon : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ILoggerFactory _logging;
    readonly Meter _meter;
    readonly ILogger _log;
    bool _isStopped;

    Daemon(WebApplication app, ILoggerFactory logging, Meter meter)
    {
        _app = app;
        _logging = logging;
        _meter = meter;
        _log = logging.CreateLogger<Daemon>();
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>Runs until the token or a failure ends it; the exit code.</summary>
    public static async Task<int> RunAsync(LoadedConfig config, CancellationToken stop)
    {
        try
        {
            await using var daemon = await StartAsync(config, null, null, stop);
            using var manager = daemon.Supervise(CommandLine.ProcessEnvironment());
            return await daemon.WaitAsync(stop);
        }
        catch (Exception e) when (e is SpoolException or ListenException or IOException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"{ProductInfo.Name}: {e.Message}");
            return ExitCode.Failed;
        }
    }

    /// <param name="stdout">For <c>otlp.protocol: stdout</c>; null is the console.</param>
    /// <param name="time">The clock and the timers of everything; null is the system's.</param>
    /// <exception cref="SpoolException">The spool cannot be used, or another process uses it.</exception>
    /// <exception cref="ListenException">An address cannot be bound or a certificate cannot be read.</exception>
    public static async Task<Daemon> StartAsync(LoadedConfig config, StdoutWriters? stdout, TimeProvider? time, CancellationToken cancellation)
    {
        // A failed start is told once and in one line by who called; of a failed pipeline the host tells critically.
        PrivateFiles.Ask();
        FileSizeLimit.MakeItAnError();
        time ??= TimeProvider.System;
        var logging = LoggerFactory.Create(l => l.AddConsoleLogging(config.Get<ProcessOptions>()).AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical));
        var meter = new Meter(ProductInfo.Name, ProductInfo.Version);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = ProductInfo.Name });
        builder.Services.AddDaemon(config)
            .AddSingleton(logging)
            .AddSingleton(meter)
            .AddSingleton(time)
            .AddSingleton(stdout ?? StdoutWriters.OfProcess())
            .AddSingleton<IHostLifetime, DaemonLifetime>()
            .Configure<HostOptions>(host => host.ShutdownTimeout = config.Get<ShutdownOptions>().Total);
        new ListenerSetup(Listener.All(config.Get<HecOptions>(), config.Get<WebhookOptions>(), config.Get<AdminOptions>()), meter, time, logging).Apply(builder.WebHost);

        var daemon = new Daemon(builder.Build(), logging, meter);
        try
        {
            daemon.OpenAll(config);
            await daemon._app.StartAsync(cancellation);
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }

        daemon.Announce(config);
        return daemon;
    }

    /// <summary>Where the listener really listens, with the port that the system chose.</summary>
    /// <param name="ordinal">Which of several with such a port, in the order of <see cref="Listener.All"/>.</param>
    public Uri Address(ListenAddress configured, int ordinal = 0) =>
        _app.Services.Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(a => new Uri(a))
            .Where(a => configured.Port == 0 || a.Port == configured.Port)
            .ElementAt(ordinal);

    /// <summary>Tells the service manager, if one asked by the environment, that the daemon is ready, alive and later that it stops.</summary>
    public ServiceManager? Supervise(IReadOnlyDictionary<string, string> environment)
    {
        var manager = ServiceManager.Of(environment, Services.Get<TimeProvider>(), Services.Get<ComponentErrors>(), Services.Log<ServiceManager>());
        if (manager is null)
            return null;

        manager.Ready();
        Services.Get<IHostApplicationLifetime>().ApplicationStopping.Register(manager.Stopping);
        // The position is behind the lock that a slice of records is ground under: it answers within moments unless that hangs.
        _ = manager.WatchAsync(() => _ = Services.Get<Grinder>().Position);
        return manager;
    }

    public async Task<int> WaitAsync(CancellationToken stop)
    {
        var workers = _app.Services.GetServices<IHostedService>().OfType<BackgroundService>();
        var stopping = _app.Services.Get<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await StopAsync();
        return workers.Any(w => w.ExecuteTask is { IsFaulted: true }) ? ExitCode.Failed : ExitCode.Ok;
    }

    public async Task StopAsync()
    {
        Log.Stopping(_log);
        await _app.StopAsync(CancellationToken.None);
        _isStopped = true;
        Log.Stopped(_log);
    }

    public async ValueTask DisposeAsync()
    {
        // The pipeline may be at work, also after a failed start: what it uses must not be disposed under it.
        if (!_isStopped)
            await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        // Given to the services as it is, so that they leave it alive, and through its instruments everything that they observe.
        _meter.Dispose();
        _logging.Dispose();
    }

    static bool IsLoopback(string address) => ListenAddress.TryParse(address, out var listen) && listen.IsLoopback;

    /// <exception cref="SpoolException">The spool, or a file below it, cannot be used.</exception>
    void OpenAll(LoadedConfig config)
    {
        try
        {
            Prepare(config);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SpoolException($"{e.Message} Everything in the spool's directory must belong to the user that the daemon runs as (chown -R)", e);
        }
    }

    /// <summary>Opens the spool and everything else that can fail before a port is open.</summary>
    void Prepare(LoadedConfig config)
    {
        foreach (var warning in config.Warnings)
            Log.Warning(_log, warning.ToString());

        // Counters count only while somebody listens, and what the spool's start finds broken must be counted.
        _ = Services.GetService<MetricExport>();
        var (spool, health) = (Services.Get<ISpool>(), Services.Get<Health>());
        health.Watch("spool", () => spool.State.Problem);
        ProcessMetrics.Register(Services.Get<Meter>(), Services.Get<TimeProvider>(), config.Warnings.Count);
        PiiFilterMetric.Register(Services.Get<Meter>(), config.Get<PiiFilterOptions>());
        _ = Services.Get<MetricLoop>();

        _app.UseListener("streaming", Services.Get<HecEndpoint>().Map);
        _app.UseListener("webhook", Services.Get<WebhookEndpoint>().Map);
        _app.UseListener("admin", app => AdminEndpoints.Map(app, health));
    }

    void Announce(LoadedConfig config)
    {
        var (hec, webhook) = (config.Get<HecOptions>(), config.Get<WebhookOptions>());
        var receivers = new List<string>();
        if (hec.Enabled)
            receivers.Add($"log stream on {hec.Listen}{hec.Path}{Routes(hec.Routes.Select(r => r.Tailnet))}");
        if (webhook.Enabled)
            receivers.Add($"webhooks on {webhook.Listen}{webhook.Path}{Routes(webhook.Routes.Select(r => r.Tailnet))}");
        if (Services.Get<IReadOnlyList<IPoller>>() is { Count: > 0 } pollers)
            receivers.Add($"polling of {string.Join(", ", pollers.Select(p => p.Collector).Distinct())}");
        if (receivers.Count == 0)
            Log.NothingToReceive(_log);
        if (hec is { Enabled: true, Token.Count: 0, Routes.Count: 0 } && !IsLoopback(hec.Listen))
            Log.NoCredential(_log, "streaming.token", hec.Listen);
        if (webhook is { Enabled: true, Secret.Count: 0, Routes.Count: 0 } && !IsLoopback(webhook.Listen))
            Log.NoCredential(_log, "webhook.secret", webhook.Listen);
        var logs = OtlpTarget.Resolve(config.Get<OtlpOptions>(), OtlpSignal.Logs)?.Place ?? "nowhere";
        Log.Ready(_log, ProductInfo.Version, receivers.Count > 0 ? string.Join(", ", receivers) : "nothing is received", Services.Get<DiskSpool>().Directory, logs);
    }

    static string Routes(IEnumerable<string> tailnets) => tailnets.Any() ? $" and routes for {string.Join(", ", tailnets)}" : "";

    static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "tailscale2otel {Version} is ready: {Receivers}, spool in {Spool}, log records to {Otlp}")]
        public static partial void Ready(ILogger log, string version, string receivers, string spool, string otlp);

        [LoggerMessage(LogLevel.Warning, "{Warning}")]
        public static partial void Warning(ILogger log, string warning);

        [LoggerMessage(LogLevel.Warning, "Nothing is received: set streaming.enabled: true (TS2OTEL_STREAMING__ENABLED=true) and point Tailscale's log streaming here, or webhook.enabled: true and its webhooks, or tailscale.auth to poll the API")]
        public static partial void NothingToReceive(ILogger log);

        [LoggerMessage(LogLevel.Warning, "{Key} is not set and {Listen} is not a loopback address, so that every request gets 403: set it, or listen on 127.0.0.1")]
        public static partial void NoCredential(ILogger log, string key, string listen);

        [LoggerMessage(LogLevel.Information, "Stopping: no more requests, then the batches under way, then the last metrics")]
        public static partial void Stopping(ILogger log);

        [LoggerMessage(LogLevel.Information, "Stopped")]
        public static partial void Stopped(ILogger log);
    }
}
