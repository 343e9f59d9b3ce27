using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Poll.Releases;

/// <summary>How releases are asked for.</summary>
[ConfigSection("version_checks")]
sealed class VersionCheckOptions : IConfigSection
{
    /// <summary>Time between two questions.</summary>
    [Within("00:05:00", "7.00:00:00")]
    public TimeSpan CacheTtl { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Longest time to an answer, and between two pieces of it.</summary>
    [Within("00:00:00.1", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
