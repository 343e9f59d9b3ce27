using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>One of several tailnets.</summary>
sealed class TailnetOptions : IConfigSection
{
    /// <summary>
    /// Its name, for example <c>example.com</c>: in the API's paths, in the routes of the receivers, and on every log record and
    /// metric as <c>tailscale.tailnet</c>.
    /// </summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>Its own credential; without any, the API is not used for it.</summary>
    public ApiAuthOptions Auth { get; set; } = new();

    /// <summary>How requests are made; what is 0 or left out is as in <c>tailscale.http</c>.</summary>
    public TailnetHttpOptions Http { get; set; } = new();
}
