using System.Globalization;
using System.Text;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

public sealed class FlowCountMetricTests
{
    [Test]
    public void Every_transport_and_type_has_its_own_count_however_they_alternate()
    {
        using var readings = new MeterReadings();
        var metric = new FlowCountMetric(readings.Meter);
        string[] transports = ["tcp", "udp", "icmp", "unknown", .. Enumerable.Range(0, 256).Select(n => n.ToString(CultureInfo.InvariantCulture))];
        for (var round = 0; round < 3; round++)
        {
            foreach (var transport in transports)
            {
                foreach (var type in Enum.GetValues<TrafficType>())
                    metric.Add(metric.Row(new FlowConnection { Type = type, Transport = Encoding.UTF8.GetBytes(transport) }));
            }
        }

        metric.Freeze();
        var series = readings.Observe("tailscale.network.flows");
        Assert.That(series, Has.Count.EqualTo(transports.Length * 4));
        Assert.That(series.Values, Is.All.EqualTo(3));
    }
}
