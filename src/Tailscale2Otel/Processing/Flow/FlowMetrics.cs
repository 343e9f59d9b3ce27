using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// The flow metric families. Called by the one thread that grinds; <see cref="Freeze"/> is called under the grinder's lock and
/// fixes what the observable instruments report until the next one.
/// </summary>
sealed class FlowMetrics
{
    /// <summary>Counts one connection in every family that the configuration asks for.</summary>
    public void Add(in FlowConnection connection)
    {
    }

    /// <summary>Once per accepted record. See signals.md, <c>tailscale.network.reporter.observations</c>.</summary>
    public void Reporter(string trust, string consistency)
    {
    }

    /// <summary>A record that cannot be true. See signals.md, <c>tailscale.network.data_quality</c>.</summary>
    public void DataQuality(RecordSource source, string reason)
    {
    }

    /// <summary>Same node and window, other rows. See signals.md, <c>tailscale.network.dedup.conflicts</c>.</summary>
    public void Conflict(string scope, TrafficType type)
    {
    }

    /// <summary>Log records suppressed by the cap. See signals.md, <c>tailscale.network.flow.logs_dropped</c>.</summary>
    public void LogsDropped(int count)
    {
    }

    public void Freeze()
    {
    }
}
