using System.Net;
using System.Net.Sockets;

namespace Tailscale2Otel.Tests.Support;

/// <summary>A loopback port that was free a moment ago; for processes, which cannot be asked which one they got.</summary>
static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
