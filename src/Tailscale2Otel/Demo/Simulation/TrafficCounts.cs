namespace Tailscale2Otel.Demo.Simulation;

/// <summary>Counters of one row as the reporter sees them; zero is not written.</summary>
readonly record struct TrafficCounts(ulong TxPackets, ulong TxBytes, ulong RxPackets, ulong RxBytes)
{
    /// <summary>IPv4, UDP and WireGuard headers around each packet of the tunnel.</summary>
    const ulong Overhead = 60;

    /// <summary>The same packets from the other end.</summary>
    public TrafficCounts Mirrored => new(RxPackets, RxBytes, TxPackets, TxBytes);

    /// <summary>The same packets encrypted, outside the tunnel.</summary>
    public TrafficCounts Encrypted => this with { TxBytes = TxBytes + (TxPackets * Overhead), RxBytes = RxBytes + (RxPackets * Overhead) };

    public static TrafficCounts operator +(TrafficCounts left, TrafficCounts right) => new(
        left.TxPackets + right.TxPackets,
        left.TxBytes + right.TxBytes,
        left.RxPackets + right.RxPackets,
        left.RxBytes + right.RxBytes);
}
