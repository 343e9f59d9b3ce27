using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>The tailnet that the records belong to.</summary>
[ConfigSection("tailscale")]
sealed class TailscaleOptions
{
    /// <summary>Name of the tailnet, for example <c>example.com</c>; <c>-</c> stands for the only one there is.</summary>
    [Required]
    [MaxLength(256)]
    public string Tailnet { get; set; } = "-";

    /// <summary>As records carry it: empty while only the API would know it.</summary>
    public string Name => Tailnet == "-" ? "" : Tailnet;
}
