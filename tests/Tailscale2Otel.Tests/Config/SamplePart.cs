using Tailscale2Otel.Model;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace Tailscale2Otel.Tests.Config;

sealed class SamplePart : IConfigSection
{
    /// <summary>A number that may be missing.</summary>
    [Range(1, 9)]
    public int? Depth { get; set; }

    /// <summary>A flag that may be missing.</summary>
    public bool? Wanted { get; set; }

    /// <summary>A file.</summary>
    [FilePath]
    public string CertFile { get; set; } = "";
}
