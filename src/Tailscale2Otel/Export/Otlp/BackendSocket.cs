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

    /// <summary>Sends what the receiver has room for, without a clock. Part of every Linux.</summary>
    public static ReadOnlySpan<byte> Plain => "reno"u8;

    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var backend = context.DnsEndPoint;
        return OperatingSystem.IsLinux() && IsLoopback(backend.Host)
            ? await ConnectAnyAsync(await Dns.GetHostAddressesAsync(backend.Host, cancellation), backend.Port, cancellation)
            : await ConnectAsync(Create(), backend, cancellation);
    }

    /// <summary>Whether the name alone says that it is this machine.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The first that answers. A socket for each: the platform tries no second address on one that had an option set by number.</summary>
    /// <param name="addresses">At least one, all of this machine.</param>
    /// <exception cref="SocketException">What the last address said.</exception>
    public static async Task<NetworkStream> ConnectAnyAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await ConnectAsync(Unpaced(), new IPEndPoint(addresses[i], port), cancellation);
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                // The next one.
            }
        }
    }

    static async Task<NetworkStream> ConnectAsync(Socket socket, EndPoint backend, CancellationToken cancellation)
    {
        try
        {
            await socket.ConnectAsync(backend, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static Socket Create() => new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Before it connects, since a connection that was paced once stays paced.</summary>
    static Socket Unpaced()
    {
        var socket = Create();
        try
        {
            socket.SetRawSocketOption(TcpLevel, CongestionOption, Plain);
        }
        catch (SocketException)
        {
            // A sandbox may not know the option, an administrator may have forbidden it; it only saves time.
        }

        return socket;
    }
}
