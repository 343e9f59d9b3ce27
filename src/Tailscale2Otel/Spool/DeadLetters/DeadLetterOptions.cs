using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>Records that cannot be delivered, kept for an operator to look at.</summary>
[ConfigSection("dead_letters")]
sealed class DeadLetterOptions : IConfigSection
{
    /// <summary>
    /// Size of <c>dead-letters.ndjson</c> in the spool directory and the one older file beside it, together. When it is
    /// reached the older file is replaced.
    /// </summary>
    [Within(65_536, 1_099_511_627_776)]
    public long MaxBytes { get; set; } = 256 * 1024 * 1024;
}
