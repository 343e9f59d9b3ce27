using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Devices;

/// <summary>Which devices count as outdated.</summary>
[ConfigSection("version_checks.devices")]
sealed class OutdatedOptions : IConfigSection
{
    /// <summary>Minor releases behind the latest stable one from which a device is outdated. Stable releases have even minor numbers: 3 is two of them.</summary>
    [Range(1, 1000)]
    public int OutdatedMinorThreshold { get; set; } = 3;
}
