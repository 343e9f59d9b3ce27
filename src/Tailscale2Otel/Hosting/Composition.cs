using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tailscale2Otel.Config;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Hosting.Polling;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Processing.StreamEvent;
using Tailscale2Otel.Processing.Webhook;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tailscale;

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
        .AddPipeline(config)
        .AddPolling();

    /// <summary>What sends records again outside of the daemon: its processors, with a deduplication window of one run, and its log exporter.</summary>
    public static IServiceCollection AddRedelivery(this IServiceCollection services, LoadedConfig config, OtlpOptions otlp) => services
        .AddOptionsOf(config)
        .AddDiagnostics()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(s => new DeduplicationWindows(s.Get<DeduplicationOptions>(), s.Get<WebhookOptions>().DedupAuditEvents))
        .AddProcessors()
        .AddLogExport(otlp);

    static IServiceCollection AddOptionsOf(this IServiceCollection services, LoadedConfig config)
    {
        foreach (var options in config.Options)
            services.AddSingleton(options.GetType(), options);
        return services;
    }

    static IServiceCollection AddDiagnostics(this IServiceCollection services) => services
        .AddSingleton<Health>();

    static IServiceCollection AddSpool(this IServiceCollection services) => services
        .AddSingleton(s => DiskSpool.Open(s.Get<SpoolOptions>(), s.Get<TimeProvider>(), s.Get<Meter>(), s.Log<DiskSpool>()))
        .AddSingleton<ISpool>(s => s.Get<DiskSpool>())
        .AddSingleton(s => new DeadLetters(s.Get<DeadLetterOptions>(), s.Get<DiskSpool>().Directory, s.Get<TimeProvider>(), s.Get<Meter>(), s.Log<DeadLetters>()));

    static IServiceCollection AddIngest(this IServiceCollection services) => services
        .AddSingleton<IngestMetrics>()
        .AddSingleton(s => new Intake(s.Get<ISpool>(), s.Get<IngestMetrics>(), s.Get<IHostApplicationLifetime>().ApplicationStopping))
        .AddSingleton(s => new HecEndpoint(s.Get<HecOptions>(), s.Get<TailscaleOptions>().Name, s.Get<Intake>(), s.Get<Meter>(), s.Get<TimeProvider>(), s.Log<HecEndpoint>()))
        .AddSingleton<WebhookMetrics>()
        .AddSingleton(s => new WebhookVerifier(s.Get<WebhookOptions>().Secret, s.Get<WebhookOptions>().Tolerance, s.Get<DeduplicationOptions>().Window, s.Get<TimeProvider>()))
        .AddSingleton(s => new WebhookKeeper(s.Get<Intake>(), s.Get<TailscaleOptions>().Name, s.Get<TimeProvider>()))
        .AddSingleton<WebhookEndpoint>();

    static IServiceCollection AddProcessing(this IServiceCollection services) => services
        .AddSingleton(s => DeduplicationWindows.Open(
            s.Get<DeduplicationOptions>(), KeysOf(s), DirectorySync.Flush, s.Get<Meter>(), s.Log<DeduplicationWindow>(), s.Get<WebhookOptions>().DedupAuditEvents))
        .AddSingleton(s => WindowMemory.Open(
            s.Get<DeduplicationOptions>(), s.Get<DeduplicationWindows>().Webhook, Path.Combine(KeysOf(s), "webhook"), DirectorySync.Flush, UnixTime.Nanoseconds(s.Get<TimeProvider>().GetUtcNow())))
        .AddProcessors();

    static IServiceCollection AddProcessors(this IServiceCollection services) => services
        .AddSingleton<NodeNames>()
        .AddSingleton(s => new FlowProcessor(s.Get<FlowOptions>(), s.Get<DeduplicationWindows>().Flow, s.Get<FlowMetrics>(), s.Get<NodeNames>()))
        .AddSingleton(s => new AuditProcessor(s.Get<DeduplicationWindows>().Audit, s.Get<AuditMetrics>(), s.Get<UnreadableTimeMetric>(), Changes(s)))
        .AddSingleton(s => new WebhookProcessor(s.Get<DeduplicationWindows>().Webhook, s.GetService<WindowMemory>(), Changes(s), s.Get<WebhookEventMetrics>(), s.Log<WebhookProcessor>()))
        .AddSingleton(s => new StreamEventProcessor(s.Get<HecOptions>().Unrecognized, s.Get<UnreadableTimeMetric>()))
        .AddSingleton<RecordMetrics>()
        .AddSingleton<FlowMetrics>()
        .AddSingleton<AuditMetrics>()
        .AddSingleton<WebhookEventMetrics>()
        .AddSingleton<UnreadableTimeMetric>()
        .AddSingleton(s => new Dispatcher(
            new Dictionary<RecordSignal, IRecordProcessor>
            {
                [RecordSignal.Flow] = s.Get<FlowProcessor>(),
                [RecordSignal.Audit] = s.Get<AuditProcessor>(),
                [RecordSignal.StreamEvent] = s.Get<StreamEventProcessor>(),
                [RecordSignal.RawLine] = s.Get<StreamEventProcessor>(),
                [RecordSignal.Webhook] = s.Get<WebhookProcessor>(),
            },
            s.Get<RecordMetrics>(),
            [s.Get<FlowMetrics>(), s.Get<AuditMetrics>(), s.Get<WebhookEventMetrics>(), s.Get<UnreadableTimeMetric>()]));

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

    /// <summary>Behind the pipeline, because what starts last stops first.</summary>
    static IServiceCollection AddPolling(this IServiceCollection services)
    {
        services.TryAddSingleton(s => new TailscaleClient(TailnetSettings.Of(s.Get<TailscaleOptions>()), s.Get<Meter>(), s.Get<TimeProvider>(), s.Log<TailscaleClient>()));
        return services
            .AddSingleton<ScrapeMetrics>()
            .AddSingleton<PollMetrics>()
            .AddSingleton<PollInstruments>()
            .AddSingleton(s => new PollCursors(s.Get<ISpool>(), s.Get<DiskSpool>().Directory, s.Get<PollMetrics>(), s.Get<TimeProvider>(), s.Log<PollCursors>()))
            .AddSingleton(Pollers.Of)
            .AddHostedService<PollWorker>();
    }

    /// <summary>The deduplication windows' folder, beside the spool.</summary>
    static string KeysOf(IServiceProvider services) => Path.Combine(services.Get<DiskSpool>().Directory, "dedup");

    static SharedChanges? Changes(IServiceProvider services) =>
        services.Get<DeduplicationWindows>().Changes is { } window ? new SharedChanges(window) : null;
}
