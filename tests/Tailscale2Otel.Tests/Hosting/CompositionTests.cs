using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Stdout;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class CompositionTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly Meter _meter = new("test");

    public void Dispose()
    {
        _meter.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Every_part_can_be_made_from_the_others()
    {
        var services = Compose();
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });

        foreach (var part in services.Where(s => s.ServiceType.Assembly == typeof(Composition).Assembly))
            Assert.That(provider.GetService(part.ServiceType), Is.Not.Null, part.ServiceType.Name);
        Assert.That(provider.GetServices<IHostedService>().OfType<PipelineWorker>().Count(), Is.EqualTo(1));
    }

    [TestCase("http", typeof(OtlpLogExporter))]
    [TestCase("grpc", typeof(OtlpLogExporter))]
    [TestCase("stdout", typeof(StdoutLogExporter))]
    public async Task The_protocol_chooses_the_exporter(string protocol, Type expected)
    {
        await using var provider = Compose(("OTLP__PROTOCOL", protocol)).BuildServiceProvider();

        Assert.That(provider.GetRequiredService<ILogExporter>(), Is.TypeOf(expected));
        Assert.That(provider.GetService<MetricExport>(), Is.Not.Null);
    }

    [Test]
    public async Task Signals_that_are_off_have_no_exporter()
    {
        await using var provider = Compose(("OTLP__LOGS__ENABLED", "false"), ("OTLP__METRICS__ENABLED", "false")).BuildServiceProvider();

        Assert.That(provider.GetRequiredService<ILogExporter>(), Is.TypeOf<NoLogExporter>());
        Assert.That(provider.GetService<MetricExport>(), Is.Null);
    }

    [TestCase("http", 7)]
    [TestCase("stdout", 3)]
    public async Task The_metric_pace_follows_the_exporter_and_the_size_of_the_spool(string protocol, int seconds)
    {
        await using var provider = Compose(
            ("OTLP__PROTOCOL", protocol), ("OTLP__METRIC_INTERVAL", "7s"), ("OTLP__STDOUT__METRIC_INTERVAL", "3s"),
            ("SPOOL__MAX_BYTES", "4194304"), ("SPOOL__SEGMENT_BYTES", "65536")).BuildServiceProvider();

        Assert.That(provider.GetRequiredService<MetricPace>(), Is.EqualTo(new MetricPace(TimeSpan.FromSeconds(seconds), 1_048_576)));
    }

    IServiceCollection Compose(params (string Key, string Value)[] settings) =>
        new ServiceCollection()
            .AddDaemon(DaemonVariables.Load(_folder.Path, settings))
            .AddLogging()
            .AddSingleton(_meter)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(new StdoutWriters(TextWriter.Null, TextWriter.Null))
            .AddSingleton<IHostApplicationLifetime>(new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance));
}
