using System.Diagnostics.Metrics;
using System.Text;

namespace Tailscale2Otel.Tests.Architecture;

/// <summary>docs/metrics.md, written from the instruments of a daemon that has everything on.</summary>
static class MetricsPage
{
    public const string Path = "docs/metrics.md";

    /// <summary>The environment variable with which the test writes the page instead of only comparing it.</summary>
    public const string Update = "TAILSCALE2OTEL_WRITE_DOCS";

    public static string Of(IEnumerable<Instrument> instruments)
    {
        var page = new StringBuilder($"""
            # Every metric

            Written from the instruments of a running daemon (`{Update}=1 dotnet test --filter SignalsInstrumentsTests`); a test
            compares. What each means in use, its attributes and when it is there: [signals](signals.md).

            | metric | kind | unit | description |
            | --- | --- | --- | --- |

            """);
        foreach (var instrument in instruments.DistinctBy(i => i.Name).OrderBy(i => i.Name, StringComparer.Ordinal))
            page.Append($"| `{instrument.Name}` | {KindOf(instrument)} | `{instrument.Unit}` | {instrument.Description} |\n");
        return page.ToString();
    }

    public static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "UpDownCounter" or "ObservableUpDownCounter" => "up-down counter",
        "Gauge" or "ObservableGauge" => "gauge",
        _ => "histogram",
    };
}
