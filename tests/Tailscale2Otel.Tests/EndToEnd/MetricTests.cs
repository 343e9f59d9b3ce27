using System.Net.Http.Headers;
using OpenTelemetry.Proto.Metrics.V1;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>What the daemon counts, as a backend gets it.</summary>
public sealed class MetricTests
{
    /// <summary>Bytes sent in the flow fixture but for the row whose counter is the largest there is.</summary>
    const double VirtualTransmitted = 2216 + 40110 + 96 + 168 + 2890;

    [TestCase("http", "")]
    [TestCase("grpc", "gzip")]
    public async Task Flow_and_audit_counters_arrive_with_their_dimensions(string protocol, string compression)
    {
        using var folder = new TemporaryFolder();
        await using var backend = await OtlpReceiver.StartAsync();
        var grpc = protocol == "grpc";
        await using var daemon = await DaemonProcess.StartAsync(
            folder.Path,
            grpc ? backend.GrpcEndpoint : backend.HttpEndpoint,
            new Dictionary<string, string> { ["OTLP__PROTOCOL"] = protocol, ["OTLP__COMPRESSION"] = compression });

        await PostAsync(daemon, "flow-hec-concatenated.json");
        await PostAsync(daemon, "audit-hec.json");
        await backend.WaitForRecordsAsync(26);
        var io = await backend.WaitForMetricAsync("tailscale.network.io.rollup", m => Total(m, "virtual", "transmit") > 0);
        var audit = await backend.WaitForMetricAsync("tailscale.config.audit.events", m => m.NumberPoints().Sum(p => p.Number()) >= 10);
        var flows = await backend.WaitForMetricAsync("tailscale.network.flows", m => m.NumberPoints().Sum(p => p.Number()) >= 16);

        Assert.That(Total(io, "virtual", "transmit"), Is.EqualTo(VirtualTransmitted));
        Assert.That(io.Sum.IsMonotonic);
        Assert.That(io.Sum.AggregationTemporality, Is.EqualTo(AggregationTemporality.Cumulative));
        Assert.That(flows.NumberPoints().Sum(p => p.Number()), Is.EqualTo(16));
        Assert.That(audit.NumberPoints().Sum(p => p.Number()), Is.EqualTo(10));
        Assert.That(audit.NumberPoints().Select(p => OtlpValues.ToText(p.Attributes)["tailscale.audit.action"]), Has.Member("other").And.Member("UPDATE"));
    }

    [Test]
    public async Task A_record_is_counted_once_over_a_restart_and_its_copy_never()
    {
        using var folder = new TemporaryFolder();
        await using var backend = await OtlpReceiver.StartAsync();
        await using (var first = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint))
        {
            await PostAsync(first, "flow-hec-concatenated.json");
            await backend.WaitForMetricAsync("tailscale.network.flows", m => m.NumberPoints().Sum(p => p.Number()) >= 16);
            Assert.That(await first.StopAsync(), Is.Zero, first.Output);
        }

        backend.Clear();
        await using var second = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint);
        await PostAsync(second, "s3-flow.ndjson");
        await PostAsync(second, "audit-hec.json");
        await backend.WaitForMetricAsync("tailscale.config.audit.events", m => m.NumberPoints().Sum(p => p.Number()) >= 10);
        var hits = await backend.WaitForMetricAsync("tailscale2otel.dedup.hits");

        Assert.That(hits.NumberPoints().Sum(p => p.Number()), Is.EqualTo(4));
        Assert.That(backend.Metrics.Where(m => m.Name == "tailscale.network.flows"), Is.Empty);
        // Metrics may come before the log records that they count.
        await backend.WaitForRecordsAsync(10);
        Assert.That(backend.LogRecords, Has.Count.EqualTo(10));
    }

    static double Total(Metric metric, string traffic, string direction) => metric.NumberPoints()
        .Where(p => OtlpValues.ToText(p.Attributes) is var a && a["tailscale.traffic_type"] == traffic && a["network.io.direction"] == direction)
        .Sum(p => p.Number());

    static async Task PostAsync(DaemonProcess daemon, string fixture)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, daemon.Hec)
        {
            Content = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Fixtures", fixture))),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", DaemonProcess.Token);
        using var response = await client.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
    }
}
