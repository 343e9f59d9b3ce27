using System.Net;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>One end of a traffic row; no address where the node scrubbed it, port 0 where the protocol has none.</summary>
readonly record struct FlowEndpoint(IPAddress? Address, int Port) : IComparable<FlowEndpoint>
{
    /// <summary>In place of an address: the port is the number of the DERP region that relayed.</summary>
    static readonly IPAddress DerpMarker = IPAddress.Parse("127.3.3.40");

    public static FlowEndpoint Scrubbed => default;

    public static FlowEndpoint Derp(int region) => new(DerpMarker, region);

    public static FlowEndpoint Of(IPEndPoint endpoint) => new(endpoint.Address, endpoint.Port);

    /// <summary>As Go's <c>netip.AddrPort</c> orders: nothing, then IPv4, then IPv6, then by port.</summary>
    public int CompareTo(FlowEndpoint other)
    {
        var (left, right) = (Address?.GetAddressBytes() ?? [], other.Address?.GetAddressBytes() ?? []);
        var byFamily = left.Length.CompareTo(right.Length);
        if (byFamily != 0)
            return byFamily;
        var byAddress = left.AsSpan().SequenceCompareTo(right);
        return byAddress != 0 ? byAddress : Port.CompareTo(other.Port);
    }

    public override string ToString() => Address is null ? "" : new IPEndPoint(Address, Port).ToString();
}
