using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Batching of the Go project; accepted so that its files load.</summary>
sealed class OtlpBatchOptions : IConfigSection
{
    /// <summary>Accepted without effect: records wait on disk, see <c>delivery</c>.</summary>
    public OtlpQueueOptions Logs { get; set; } = new();
}
