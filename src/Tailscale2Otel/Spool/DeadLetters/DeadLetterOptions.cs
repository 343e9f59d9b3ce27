using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>Records that cannot be delivered, kept for an operator to look at.</summary>
[ConfigSection("dead_letters")]
sealed class DeadLetterOptions
{
    /// <summary>
    /// Size of <c>dead-letters.ndjson</c> in the spool directory and the one older file beside it, together. When it is
    /// reached the older file is replaced.
    /// </summary>
    [Range(typeof(long), "65536", "1099511627776")]
    public long MaxBytes { get; set; } = 256 * 1024 * 1024;
}
