using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>The device list of the API: gauges, and the names, users and tags of flow records. Needs the scope devices:core:read.</summary>
[ConfigSection("collectors.devices")]
sealed class DevicesOptions : IConfigSection
{
    /// <summary>Fetches the device list, if there is a credential for the API.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Time between two lists; keep it below enrichment.cache_ttl.</summary>
    [Within("00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(60);
}
