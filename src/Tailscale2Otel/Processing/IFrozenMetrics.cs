namespace Tailscale2Otel.Processing;

/// <summary>Counts that are derived from records and reported as they were when the grinder stood at one position.</summary>
interface IFrozenMetrics
{
    /// <summary>Fixes what the observable instruments report until the next call. On the grinder's thread or under its lock.</summary>
    void Freeze();
}
