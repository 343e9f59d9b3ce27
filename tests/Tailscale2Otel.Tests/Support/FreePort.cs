using System.Net;
using System.Net.Sockets;

namespace Tailscale2Otel.Tests.Support;

/// <summary>
/// A loopback port that was free a moment ago; for processes, which cannot be asked which one they got. Below those that
/// systems give to outgoing connections and to listeners that do not mind, so that it stays free.
/// </summary>
static class FreePort
{
    const int First = 12_000;
    const int Last = 32_000;

    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's; another one.
            }
        }
    }
}
