using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>An in-memory queue that this daemon does not have: its queue is the spool.</summary>
sealed class OtlpQueueOptions : IConfigSection
{
    /// <summary>Accepted without effect; see <c>spool.max_bytes</c>.</summary>
    [Range(0, int.MaxValue)]
    public int MaxQueueSize { get; set; }

    /// <summary>Accepted without effect; see <c>delivery.max_batch_records</c>.</summary>
    [Range(0, int.MaxValue)]
    public int ExportMaxBatchSize { get; set; }

    /// <summary>Accepted without effect; see <c>delivery.max_batch_delay</c>.</summary>
    public TimeSpan ExportInterval { get; set; }

    /// <summary>Accepted without effect; see <c>otlp.timeout</c>.</summary>
    public TimeSpan ExportTimeout { get; set; }
}
