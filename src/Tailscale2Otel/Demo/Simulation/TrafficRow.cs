namespace Tailscale2Otel.Demo.Simulation;

/// <summary>What makes two rows of one window the same row. Rows of a window are sorted by source, destination, protocol.</summary>
readonly record struct TrafficRow(TrafficKind Kind, FlowEndpoint Source, FlowEndpoint Destination, int Protocol) : IComparable<TrafficRow>
{
    public int CompareTo(TrafficRow other)
    {
        var byKind = Kind.CompareTo(other.Kind);
        if (byKind != 0)
            return byKind;
        var bySource = Source.CompareTo(other.Source);
        if (bySource != 0)
            return bySource;
        var byDestination = Destination.CompareTo(other.Destination);
        return byDestination != 0 ? byDestination : Protocol.CompareTo(other.Protocol);
    }
}
