using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Admin;

/// <summary>The listener that answers health checks.</summary>
[ConfigSection("admin")]
sealed class AdminOptions : IConfigSection
{
    /// <summary>Whether there is an admin listener.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Address of the admin listener: <c>127.0.0.1:9091</c>, <c>localhost:9091</c>, <c>[::1]:9091</c> or <c>:9091</c> for every address.</summary>
    [Required]
    public string Listen { get; set; } = "127.0.0.1:9091";

    /// <summary>Certificate of the admin listener; without one it speaks plain HTTP.</summary>
    public TlsFiles Tls { get; set; } = new();
}
