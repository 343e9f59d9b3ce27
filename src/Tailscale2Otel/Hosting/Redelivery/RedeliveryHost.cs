using System.Diagnostics.Metrics;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Hosting.Tailnets;

namespace Tailscale2Otel.Hosting.Redelivery;

/// <summary>The daemon's processors and exporter without the daemon: no spool is opened, nothing is listened to, nothing is counted.</summary>
sealed class RedeliveryHost : IAsyncDisposable
{
    readonly ServiceProvider _services;
    readonly ILoggerFactory _logging;
    readonly Meter _meter;

    RedeliveryHost(ServiceProvider services, ILoggerFactory logging, Meter meter)
    {
        _services = services;
        _logging = logging;
        _meter = meter;
    }

    public required Redeliverer Redeliverer { get; init; }

    /// <summary>Where records go, in words.</summary>
    public required string Target { get; init; }

    /// <param name="otlp">Another backend than the configured one, see <see cref="RedeliveryTarget"/>.</param>
    /// <param name="stdout">Where records go with <c>otlp.protocol: stdout</c>.</param>
    /// <param name="settled">See <see cref="Redelivery.Redeliverer"/>.</param>
    /// <exception cref="InvalidOperationException">There is nowhere to send to, or a certificate file cannot be used.</exception>
    public static async Task<RedeliveryHost> OpenAsync(LoadedConfig config, Uri? otlp, TextWriter stdout, Action<RedeliveredRecord> settled)
    {
        var options = RedeliveryTarget.Options(config.Get<OtlpOptions>(), otlp);
        var logging = LoggerFactory.Create(l => l.AddConsoleLogging(Logging(config.Get<ProcessOptions>())));
        // Nobody listens to it.
        var meter = new Meter($"{ProductInfo.Name}.redelivery");
        var services = new ServiceCollection()
            .AddRedelivery(config, options)
            .AddSingleton(logging)
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddSingleton(meter)
            .AddSingleton(new StdoutWriters(stdout, TextWriter.Null))
            .BuildServiceProvider();
        try
        {
            return new RedeliveryHost(services, logging, meter)
            {
                Redeliverer = new Redeliverer(
                    services.Get<ILogExporter>(), new RecordGuard(services.Get<TailnetSet>(), services.Log<RecordGuard>()), services.Get<DeliveryOptions>(), services.Get<ShutdownOptions>().DeliveryGrace, services.Get<TimeProvider>(), settled),
                Target = RedeliveryTarget.InWords(options),
            };
        }
        catch
        {
            await services.DisposeAsync();
            meter.Dispose();
            logging.Dispose();
            throw;
        }
    }

    /// <summary>Who waits at a terminal for a backend that does not answer must be told, even where the daemon only logs errors.</summary>
    static ProcessOptions Logging(ProcessOptions daemon) => new()
    {
        LogFormat = daemon.LogFormat,
        LogLevel = daemon.LogLevel == LogVerbosity.Error ? LogVerbosity.Warn : daemon.LogLevel,
    };

    public async ValueTask DisposeAsync()
    {
        await Redeliverer.DisposeAsync();
        await _services.DisposeAsync();
        _meter.Dispose();
        _logging.Dispose();
    }
}
