using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tailscale2Otel.Config;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Hosting.Polling;
using Tailscale2Otel.Hosting.Tailnets;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Ingest.Poll.PerDevice;
using Tailscale2Otel.Ingest.Poll.Releases;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Redaction;
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
        .AddTailnets(FoldersOf)
        .AddLogExport(config.Get<OtlpOptions>())
        .AddMetricExport(config.Get<OtlpOptions>())
        .AddPipeline(config)
        .AddPolling();

    /// <summary>What sends records again outside of the daemon: its processors, with deduplication windows of one run, and its log exporter.</summary>
    public static IServiceCollection AddRedelivery(this IServiceCollection services, LoadedConfig config, OtlpOptions otlp) => services
        .AddOptionsOf(config)
        .AddDiagnostics()
        .AddSingleton(TimeProvider.System)
        .AddTailnets(_ => null)
        .AddLogExport(otlp);

    static IServiceCollection AddOptionsOf(this IServiceCollection services, LoadedConfig config)
    {
        foreach (var options in config.Options)
            services.AddSingleton(options.GetType(), options);
        return services.AddSingleton(TailnetSettings.All(config.Get<TailscaleOptions>(), config.Get<TailnetsOptions>(), config.Get<PiiFilterOptions>().TailnetName));
    }

    static IServiceCollection AddDiagnostics(this IServiceCollection services) => services
        .AddSingleton<Health>()
        .AddSingleton<Redactor>();

    static IServiceCollection AddSpool(this IServiceCollection services) => services
        .AddSingleton(s => DiskSpool.Open(s.Get<SpoolOptions>(), s.Get<TimeProvider>(), s.Get<Meter>(), s.Log<DiskSpool>()))
        .AddSingleton<ISpool>(s => s.Get<DiskSpool>())
        .AddSingleton(s => new DeadLetters(s.Get<DeadLetterOptions>(), s.Get<DiskSpool>().Directory, s.Get<TimeProvider>(), s.Get<Meter>(), s.Log<DeadLetters>(), s.Get<Redactor>())
        {
            NotPassed = (s.Get<DiskSpool>().Cursors.Delivered, s.Get<DiskSpool>().End),
        });

    static IServiceCollection AddIngest(this IServiceCollection services) => services
        .AddSingleton<IngestMetrics>()
        .AddSingleton(s => new Intake(s.Get<ISpool>(), s.Get<IngestMetrics>(), s.Get<IHostApplicationLifetime>().ApplicationStopping))
        .AddSingleton(s => new HecEndpoint(s.Get<HecOptions>(), s.Tailnets()[0].Name, s.Get<Intake>(), s.Get<Meter>(), s.Get<TimeProvider>(), s.Log<HecEndpoint>()))
        .AddSingleton<WebhookMetrics>()
        .AddSingleton(s => WebhookDoor.Of(s.Get<WebhookOptions>(), s.Tailnets()[0].Name, s.Get<DeduplicationOptions>().Window, s.Get<TimeProvider>()))
        .AddSingleton<WebhookKeeper>()
        .AddSingleton<WebhookEndpoint>();

    /// <summary>One set of parts for each tailnet; what is in one is <see cref="TailnetComposition"/>'s.</summary>
    static IServiceCollection AddTailnets(this IServiceCollection services, Func<IServiceProvider, TailnetFolders?> folders) => services
        .AddSingleton(s => new TailnetMemories(folders(s), s.Get<DeduplicationOptions>(), s.Get<WebhookOptions>(), s.Get<TimeProvider>(), s.Log<DeduplicationWindow>()))
        .AddSingleton(s => new TailnetComposition(s, s.Get<TailnetMemories>(), s.Tailnets()).All());

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
        .AddSingleton(s => new FirstDevices(WithDevices(s), s.Get<EnrichmentOptions>().WaitForDevices, s.Get<TimeProvider>(), s.Log<FirstDevices>()))
        .AddSingleton(s => new RecordGuard(s.Get<TailnetSet>(), s.Log<RecordGuard>()))
        .AddSingleton(s => new Grinder(s.Get<ISpool>(), s.Get<TailnetSet>(), s.Get<RecordGuard>(), s.Get<Delivery>(), s.Get<DeadLetterOffice>(), s.Get<BatchLimits>())
        {
            FirstDevices = s.Get<FirstDevices>(),
        })
        .AddSingleton(new MetricPace(Exporters.MetricInterval(config.Get<OtlpOptions>()), config.Get<SpoolOptions>().MaxBytes / 4))
        .AddSingleton(s => new MetricLoop(s.Get<Grinder>(), s.Get<ISpool>(), s.GetService<MetricExport>(), s.Get<MetricPace>(), s.Get<TimeProvider>()))
        .AddHostedService<PipelineWorker>();

    /// <summary>Behind the pipeline, because what starts last stops first.</summary>
    static IServiceCollection AddPolling(this IServiceCollection services)
    {
        services.TryAddSingleton(s => new ApiClients(s.Tailnets().Select(t => new TailscaleClient(t, s.Get<Meter>(), s.Get<TimeProvider>(), s.Log<TailscaleClient>()))));
        return services
            .AddSingleton<ScrapeMetrics>()
            .AddSingleton<PollMetrics>()
            .AddSingleton<PollInstruments>()
            .AddSingleton<EnrichmentMetrics>()
            .AddSingleton(s => new DeviceMetrics(s.Get<Meter>(), s.Get<DeviceMetricsOptions>(), s.Get<CardinalityOptions>(), s.Get<Redactor>().OrNull())
            {
                OutdatedThreshold = s.Get<OutdatedOptions>().OutdatedMinorThreshold,
            })
            .AddSingleton<SubrequestMetrics>()
            .AddSingleton(s => new ReleaseClient(s.Get<ReleaseOptions>(), s.Get<VersionCheckOptions>(), s.Get<TimeProvider>(), ApiTransport.CreateHandler()))
            .AddSingleton(s => new PollCursors(s.Get<ISpool>(), s.Get<DiskSpool>().Directory, s.Tailnets().Count == 1, s.Get<PollMetrics>(), s.Get<TimeProvider>(), s.Log<PollCursors>()))
            .AddSingleton<LogStreamMetrics>()
            .AddSingleton<AppointedSinks>()
            .AddSingleton(s => new SinkMarks(Path.Combine(s.Get<DiskSpool>().Directory, SinkMarks.FolderName), s.Log<SinkMarks>()))
            .AddSingleton<ComponentErrors>()
            .AddSingleton<StreamSetup>()
            .AddSingleton<AutoConfigure>()
            .AddSingleton(Pollers.Of)
            .AddHostedService<PollWorker>()
            .AddHostedService<StreamWorker>();
    }

    /// <summary>The deduplication windows' folders, beside the spool.</summary>
    static TailnetFolders FoldersOf(IServiceProvider services) =>
        TailnetFolders.Open(Path.Combine(services.Get<DiskSpool>().Directory, "dedup"), services.Tailnets()[0].Name, DirectorySync.Flush);

    /// <summary>The tailnets whose device lists come.</summary>
    static IEnumerable<(string Name, string Label)> WithDevices(IServiceProvider services) =>
        services.Get<DevicesOptions>().Enabled ? services.Get<ApiClients>().WithCredential.Select(c => (c.Tailnet.Name, c.Tailnet.Label)) : [];

    /// <summary>Those in force, in the order of the configuration.</summary>
    static IReadOnlyList<TailnetSettings> Tailnets(this IServiceProvider services) => services.Get<IReadOnlyList<TailnetSettings>>();
}
