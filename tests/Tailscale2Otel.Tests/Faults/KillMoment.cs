namespace Tailscale2Otel.Tests.Faults;

/// <summary>When a process is killed.</summary>
enum KillMoment
{
    /// <summary>From the first instruction to a while after it is ready: recovery, reading again, opening the ports.</summary>
    AtStart,

    /// <summary>The backend has kept log records and has not answered.</summary>
    LogsKept,

    /// <summary>The backend has answered some time ago, or not, as it happens.</summary>
    Whenever,

    /// <summary>Metrics are on their way and will not be kept.</summary>
    MetricsSent,

    /// <summary>The backend has kept metrics and has not answered.</summary>
    MetricsKept,

    /// <summary>The backend is slow, and much that is acknowledged has not been sent yet.</summary>
    Backlog,

    /// <summary>In the middle of an orderly end.</summary>
    Stopping,
}
