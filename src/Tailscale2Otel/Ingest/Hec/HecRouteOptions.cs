using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>How the log stream of one of several tailnets comes in.</summary>
sealed class HecRouteOptions : IConfigSection
{
    /// <summary>Name of the tailnet, as in <c>tailnets</c>.</summary>
    [Required]
    public string Tailnet { get; set; } = "";

    /// <summary>Path that takes this tailnet's events. Without one they come in on Splunk's own paths, where the token tells whose they are.</summary>
    public string Path { get; set; } = "";

    /// <summary>One or several tokens for this tailnet and no other.</summary>
    public IReadOnlyList<Secret> Token { get; set; } = [];

    /// <summary>As <c>streaming.public_url</c>.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>As <c>streaming.auto_configure</c>.</summary>
    public bool AutoConfigure { get; set; }
}
