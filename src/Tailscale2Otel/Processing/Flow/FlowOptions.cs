using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>What becomes of a network flow log record, whichever path it came by.</summary>
[ConfigSection("collectors.flowlogs")]
sealed class FlowOptions : IConfigSection
{
    /// <summary>Log records of a flow record: per_connection (one for each connection), per_record (one with totals), off (metrics only).</summary>
    public FlowLogMode LogMode { get; set; } = FlowLogMode.PerConnection;

    /// <summary>
    /// Most log records that one flow record may become with log_mode per_connection; 0 means no limit. Which connections are
    /// kept does not depend on the order they came in. Metrics count all of them; the rest is in tailscale.network.flow.logs_dropped.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int MaxLogRecordsPerWindow { get; set; }

    /// <summary>Node IDs whose reports are marked tailscale.reporter.trust = configured.</summary>
    public IReadOnlyList<string> TrustedReporterNodeIds { get; set; } = [];

    /// <summary>
    /// Tags whose nodes' reports are marked tailscale.reporter.trust = tagged. Only tags from the device list count, never
    /// those that a record gives its own reporter; it needs a credential for the API and the devices collector.
    /// </summary>
    public IReadOnlyList<string> TrustedReporterTags { get; set; } = [];
}
