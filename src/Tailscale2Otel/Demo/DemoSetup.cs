using Tailscale2Otel.Model;

namespace Tailscale2Otel.Demo;

/// <summary>How the demo wants its daemon.</summary>
sealed record DemoSetup
{
    /// <summary>An empty folder of its own, deleted after the stop.</summary>
    public required string SpoolDirectory { get; init; }

    /// <summary>Credential for the stream's receiver, which listens, as that of the webhooks does, on a free port of loopback.</summary>
    public required Secret Token { get; init; }

    /// <summary>What deliveries of webhooks are signed with.</summary>
    public required Secret WebhookSecret { get; init; }

    /// <summary>The API that the daemon shall ask; null when there is none.</summary>
    public DemoApi? Api { get; init; }

    /// <summary>Where everything goes; null means to the two writers.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Takes log records, one a line. Thread-safe; shows only some of them when many come.</summary>
    public required TextWriter Records { get; init; }

    /// <summary>Takes metric points, one a line. Thread-safe; shows only some of them when many come.</summary>
    public required TextWriter Metrics { get; init; }
}
