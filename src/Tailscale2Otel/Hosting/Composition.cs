using System.Diagnostics.Metrics;
using Tailscale2Otel.Config;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Processing.StreamEvent;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Hosting;

/// <summary>The table of contents: every part of the daemon, in the order of the flow.</summary>
static class Composition
{
    public static IServiceCollection AddDaemon(this IServiceCollection services, LoadedConfig config) => services
        .AddOptionsOf(config)
        .AddDiagnostics()
        .AddSpool()
        .AddIngest()
        .AddProcessing()
        .AddLogExport(config.Get<OtlpOptions>())
        .AddMetricExport(config.Get<OtlpOptions>())
        .AddPipeline(config);

    /// <summary>What sends records again outside of the daemon: its processors, with a deduplication window of one run, and its log exporter.</summary>
    public static IServiceCollection AddRedelivery(this IServiceCollection services, LoadedConfig config, OtlpOptions otlp) => services
        .AddOptionsOf(config)
        .AddDiagnostics()
        .AddSingleton(s => new DeduplicationWindow(s.Get<DeduplicationOptions>(), s.Get<Meter>()))
        .AddProcessors()
        .AddLogExport(otlp);

    static IServiceCollection AddOptionsOf(this IServiceCollection services, LoadedConfig config)
    {
        foreach (var options in config.Options)
            services.AddSingleton(options.GetType(), options);
        return services;
    }

    static IServiceCollection AddDiagnostics(this IServiceCollection services) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton<Health>();

    static IServiceCollection AddSpool(this IServiceCollection services) => services
        .AddSingleton(s => DiskSpool.Open(s.Get<SpoolOptions>(), s.Get<TimeProvider>(), s.Get<Meter>(), s.Log<DiskSpool>()))
        .AddSingleton<ISpool>(s => s.Get<DiskSpool>())
        .AddSingleton(s => new DeadLetters(s.Get<DeadLetterOptions>(), s.Get<DiskSpool>().Directory, s.Get<TimeProvider>(), s.Get<Meter>(), s.Log<DeadLetters>()));

    static IServiceCollection AddIngest(this IServiceCollection services) => services
        .AddSingleton<IngestMetrics>()
        .AddSingleton(s => new Intake(s.Get<ISpool>(), s.Get<IngestMetrics>(), s.Get<IHostApplicationLifetime>().ApplicationStopping))
        .AddSingleton(s => new HecEndpoint(s.Get<HecOptions>(), s.Get<TailscaleOptions>().Name, s.Get<Intake>(), s.Get<Meter>(), s.Get<TimeProvider>(), s.Log<HecEndpoint>()));

    static IServiceCollection AddProcessing(this IServiceCollection services) => services
        .AddSingleton(s => DeduplicationWindow.Open(
            s.Get<DeduplicationOptions>(), Path.Combine(s.Get<DiskSpool>().Directory, "dedup"), DirectorySync.Flush, s.Get<Meter>(), s.Log<DeduplicationWindow>()))
        .AddProcessors();

    static IServiceCollection AddProcessors(this IServiceCollection services) => services
        .AddSingleton<NodeNames>()
        .AddSingleton<FlowProcessor>()
        .AddSingleton<AuditProcessor>()
        .AddSingleton(s => new StreamEventProcessor(s.Get<HecOptions>().Unrecognized, s.Get<UnreadableTimeMetric>()))
        .AddSingleton<RecordMetrics>()
        .AddSingleton<FlowMetrics>()
        .AddSingleton<AuditMetrics>()
        .AddSingleton<UnreadableTimeMetric>()
        .AddSingleton(s => new Dispatcher(
            new Dictionary<RecordSignal, IRecordProcessor>
            {
                [RecordSignal.Flow] = s.Get<FlowProcessor>(),
                [RecordSignal.Audit] = s.Get<AuditProcessor>(),
                [RecordSignal.StreamEvent] = s.Get<StreamEventProcessor>(),
                [RecordSignal.RawLine] = s.Get<StreamEventProcessor>(),
            },
            s.Get<RecordMetrics>(),
            [s.Get<FlowMetrics>(), s.Get<AuditMetrics>(), s.Get<UnreadableTimeMetric>()]));

    static IServiceCollection AddLogExport(this IServiceCollection services, OtlpOptions otlp) => services
        .AddSingleton<ExportMetrics>()
        .AddSingleton<ILogExporter>(s => Exporters.Logs(s, otlp));

    static IServiceCollection AddMetricExport(this IServiceCollection services, OtlpOptions otlp) =>
        Exporters.HasMetrics(otlp) ? services.AddSingleton(s => Exporters.Metrics(s, otlp)) : services;

    static IServiceCollection AddPipeline(this IServiceCollection services, LoadedConfig config) => services
        .AddSingleton<PipelineCounts>()
        .AddSingleton<DeadLetterOffice>()
        .AddSingleton<Delivery>()
        .AddSingleton<BatchLimits>()
        .AddSingleton<Grinder>()
        .AddSingleton(new MetricPace(Exporters.MetricInterval(config.Get<OtlpOptions>()), config.Get<SpoolOptions>().MaxBytes / 4))
        .AddSingleton(s => new MetricLoop(s.Get<Grinder>(), s.Get<ISpool>(), s.GetService<MetricExport>(), s.Get<MetricPace>(), s.Get<TimeProvider>()))
        .AddHostedService<PipelineWorker>();
}
