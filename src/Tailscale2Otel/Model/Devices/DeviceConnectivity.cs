namespace Tailscale2Otel.Model.Devices;

/// <summary><c>clientConnectivity</c> of a device: how it reaches others.</summary>
/// <param name="Endpoints">How many addresses it offers for direct paths.</param>
/// <param name="MappingVariesByDestIp">True is a hard NAT; null is unknown.</param>
/// <param name="Latencies">To DERP regions, by region name.</param>
/// <param name="Supports"><c>clientSupports</c>: <c>ipv6</c>, <c>pcp</c>, <c>pmp</c>, <c>udp</c>, <c>upnp</c>; what is unknown is not in it.</param>
sealed record DeviceConnectivity(
    int Endpoints,
    bool? MappingVariesByDestIp,
    IReadOnlyList<DerpLatency> Latencies,
    IReadOnlyDictionary<string, bool> Supports);
