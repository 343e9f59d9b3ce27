using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Counting;

/// <summary>How many series the metrics may have.</summary>
[ConfigSection("cardinality")]
sealed class CardinalityOptions : IConfigSection
{
    /// <summary>What "unlimited" comes to: memory has an end, and the SDK reserves it for every series that it allows.</summary>
    public const int UnlimitedSeries = 25_000;

    /// <summary>
    /// Series of one instrument at most; the rest is counted in one series with otel.metric.overflow = true. 0 or less means
    /// 25,000, which is the most.
    /// </summary>
    [Range(int.MinValue, UnlimitedSeries)]
    public int MetricLimit { get; set; } = 10_000;

    /// <summary>Series of one instrument from which the status page warns.</summary>
    [Range(0, int.MaxValue)]
    public int WarningThreshold { get; set; } = 2_000;

    /// <summary>Series of one instrument from which the status page calls it critical; not below warning_threshold.</summary>
    [Range(0, int.MaxValue)]
    public int CriticalThreshold { get; set; } = 8_000;

    /// <summary>Values of an attribute that the status page shows as samples; 0 shows none.</summary>
    [Range(0, int.MaxValue)]
    public int LabelValueSampleCap { get; set; } = 100;

    /// <summary>Adds totals of the devices by DERP region; needs collectors.devices.collect_connectivity.</summary>
    public bool DerpRegionRollup { get; set; } = true;

    /// <summary>Adds the number of routers by subnet route.</summary>
    public bool SubnetRouteRollup { get; set; } = true;

    /// <summary>Of which entities there is a series each.</summary>
    public PerEntityOptions PerEntity { get; set; } = new();

    /// <summary><see cref="MetricLimit"/> as the number it means.</summary>
    public int ToSeriesLimit() => MetricLimit is > 0 and <= UnlimitedSeries ? MetricLimit : UnlimitedSeries;
}
