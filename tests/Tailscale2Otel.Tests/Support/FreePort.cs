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

    static readonly HashSet<int> Given = [];

    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            lock (Given)
            {
                // Whoever got it may not have opened it yet.
                if (!Given.Add(port))
                    continue;
            }

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
