using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>To whom one source talked, and on which ports.</summary>
sealed class DestinationSets
{
    public DistinctCount Peers { get; } = new();

    public PortSet Ports { get; } = new();
}
