using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>Several tailnets in one daemon, see docs/several-tailnets.md.</summary>
[ConfigSection("")]
sealed class TailnetsOptions
{
    /// <summary>The tailnets; empty for the one of <c>tailscale</c>.</summary>
    [MaxLength(100)]
    public IReadOnlyList<TailnetOptions> Tailnets { get; set; } = [];
}
