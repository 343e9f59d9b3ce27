using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Poll.Releases;

/// <summary>Compares the clients of the device list with Tailscale's latest stable release.</summary>
[ConfigSection("version_checks.devices")]
sealed class ReleaseOptions : IConfigSection
{
    /// <summary>Asks for the latest release. Off by default, because it is a request to somebody who need not know of this daemon; it holds nothing but the daemon's name and version.</summary>
    public bool Enabled { get; set; }

    /// <summary>Where to ask: a JSON object with a member Version. A copy in the own network will do.</summary>
    public string Url { get; set; } = "https://pkgs.tailscale.com/stable/?mode=json";
}
