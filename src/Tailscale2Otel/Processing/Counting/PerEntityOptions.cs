using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Counting;

/// <summary>Of which entities there is a series each.</summary>
sealed class PerEntityOptions : IConfigSection
{
    /// <summary>Metrics tailscale.device.*; false leaves the totals, tailscale.devices.*.</summary>
    public bool Device { get; set; } = true;
}
