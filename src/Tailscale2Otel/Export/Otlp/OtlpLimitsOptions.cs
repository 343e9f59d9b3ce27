using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>How long the text in a log record may be; what is longer is cut and ends in <c>…[truncated]</c>.</summary>
sealed class OtlpLimitsOptions : IConfigSection
{
    /// <summary>Bytes of a log record's body.</summary>
    [Range(64, 16_777_216)]
    public int LogBodyBytes { get; set; } = 32_768;

    /// <summary>Bytes of an attribute's text.</summary>
    [Range(64, 16_777_216)]
    public int LogAttributeValueBytes { get; set; } = 4096;
}
