using System.Text;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Support;

/// <summary>Values for tests that do not care which.</summary>
static class Some
{
    public static FlowConnection Connection(TrafficType type, string source, string destination, int port = 443, ulong bytes = 100) => new()
    {
        Type = type,
        Transport = "tcp"u8,
        HasProtocol = true,
        SourceAddress = "100.64.0.1"u8,
        DestinationAddress = "100.64.0.2"u8,
        SourcePort = 50_000,
        DestinationPort = port,
        SourceNode = Encoding.UTF8.GetBytes(source),
        DestinationNode = Encoding.UTF8.GetBytes(destination),
        Reporter = "reporter"u8,
        TxBytes = bytes,
        RxBytes = bytes * 2,
        TxPackets = 1,
        RxPackets = 2,
    };
}
