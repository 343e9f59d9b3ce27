using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>Several tailnets in one daemon, see docs/several-tailnets.md.</summary>
[ConfigSection("")]
sealed class TailnetsOptions : IConfigSection
{
    /// <summary>The tailnets; empty for the one of <c>tailscale</c>.</summary>
    [AtMost(100)]
    [Sections<TailnetOptions>]
    public IReadOnlyList<TailnetOptions> Tailnets { get; set; } = [];
}
