using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>The tailnet that the records belong to, and its API. Several tailnets stand in <c>tailnets</c> instead.</summary>
[ConfigSection("tailscale")]
sealed class TailscaleOptions : IConfigSection
{
    /// <summary>Name of the tailnet, for example <c>example.com</c>; <c>-</c> stands for the only one there is.</summary>
    [Required]
    [AtMost(256)]
    public string Tailnet { get; set; } = "-";

    /// <summary>Origin of the API: scheme, host and port. No credential is ever sent to another.</summary>
    [Required]
    public string ApiUrl { get; set; } = "https://api.tailscale.com";

    /// <summary>The credential; without any, the API is not used.</summary>
    public ApiAuthOptions Auth { get; set; } = new();

    /// <summary>How requests are made.</summary>
    public ApiHttpOptions Http { get; set; } = new();

    /// <summary>Largest answer of an API that lists what there is, after decompression.</summary>
    [Range(1, 1_073_741_824)]
    public long MaxResponseBytes { get; set; } = 4_194_304;

    /// <summary>
    /// Largest answer with log records, after decompression. Answers are read as a stream and never held in memory; a larger one
    /// is asked for again in halves.
    /// </summary>
    [Range(1, 17_179_869_184)]
    public long MaxLogResponseBytes { get; set; } = 33_554_432;

    /// <summary>As records carry it: empty while only the API would know it.</summary>
    public string Name => Tailnet == "-" ? "" : Tailnet;
}
