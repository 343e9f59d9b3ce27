using Tailscale2Otel.Model;

namespace Tailscale2Otel.Enrichment;

/// <summary>What records are told about their nodes by the device list of the API.</summary>
[ConfigSection("enrichment")]
sealed class EnrichmentOptions : IConfigSection
{
    /// <summary>Age of the device list from which the daemon calls it stale. A stale list is still used: names change rarely.</summary>
    [Within("00:00:01", "7.00:00:00")]
    public TimeSpan CacheTtl { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Longest time after the start that records wait in the spool for the first device list, so that they are not named unknown
    /// for ever. With several tailnets all records wait until each has its list or was refused it, and no longer than this.
    /// Without a credential for the API, or without the devices collector, nothing waits. 0 never waits.
    /// </summary>
    [Within("00:00:00", "01:00:00")]
    public TimeSpan WaitForDevices { get; set; } = TimeSpan.FromSeconds(30);
}
