using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Config;

sealed class SampleRoute : IConfigSection
{
    /// <summary>Where it leads.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>Who may go there.</summary>
    public Secret Token { get; set; } = new("");

    /// <summary>More.</summary>
    public SamplePart Part { get; set; } = new();
}
