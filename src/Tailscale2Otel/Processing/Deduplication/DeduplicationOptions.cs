using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>How far back the same event is recognised, whichever path it came by.</summary>
[ConfigSection("deduplication")]
sealed class DeduplicationOptions : IConfigSection
{
    /// <summary>
    /// Content keys kept of each kind of event (flow records, audit records, webhook events) of each tailnet; the oldest go first. A million takes
    /// about 37 MB of memory and 28 MB beside the spool, and only as keys come.
    /// </summary>
    [Range(1024, 100_000_000)]
    public int MaxKeys { get; set; } = 1_000_000;

    /// <summary>How long a key is kept, measured from the time its record was received.</summary>
    [Within("00:01:00", "30.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(26);
}
