namespace Tailscale2Otel.Demo;

/// <summary>The running daemon as the demo sees it: from outside.</summary>
sealed record DemoDaemon
{
    /// <summary>Where records are posted, with the port that the receiver has bound.</summary>
    public required Uri HecUrl { get; init; }

    /// <summary>Where webhooks are delivered, likewise.</summary>
    public required Uri WebhookUrl { get; init; }

    /// <summary>Readable at any time, after the stop too.</summary>
    public required Func<DemoCounts> Counts { get; init; }

    /// <summary>Stops in flow order, exports the metrics a last time and ends when nothing of the daemon runs any more.</summary>
    public required Func<CancellationToken, Task> StopAsync { get; init; }
}
