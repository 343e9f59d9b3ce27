using System.Net;
using System.Net.Sockets;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>
/// Connects as <see cref="SocketsHttpHandler"/> does by itself, except that the system's congestion control is left out on the way
/// to a collector beside this daemon: nothing is congested there, and one that paces (BBR) sets a timer for each 64 KB.
/// </summary>
static class BackendSocket
{
    /// <summary><c>IPPROTO_TCP</c> and <c>TCP_CONGESTION</c> of Linux (tcp(7)).</summary>
    public const int TcpLevel = 6;
    public const int CongestionOption = 13;

    /// <summary>Sends what the receiver has room for, without a clock. Every Linux has it and allows it to everybody.</summary>
    public static ReadOnlySpan<byte> Plain => "reno"u8;

    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = Create(context.DnsEndPoint.Host);
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Not connected yet: a connection that was paced once stays paced.</summary>
    public static Socket Create(string host)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (!OperatingSystem.IsLinux() || !IsLoopback(host))
            return socket;

        try
        {
            socket.SetRawSocketOption(TcpLevel, CongestionOption, Plain);
        }
        catch (SocketException)
        {
            // A sandbox may not know the option; it only saves time.
        }

        return socket;
    }

    static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
