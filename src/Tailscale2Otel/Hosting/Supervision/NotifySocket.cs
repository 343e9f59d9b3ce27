using System.Net.Sockets;
using System.Text;

namespace Tailscale2Otel.Hosting.Supervision;

/// <summary>The datagram socket at which a service manager listens: sd_notify(3).</summary>
sealed class NotifySocket
{
    static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(1);

    readonly UnixDomainSocketEndPoint _address;

    NotifySocket(UnixDomainSocketEndPoint address) => _address = address;

    /// <param name="name">An absolute path, or <c>@</c> and a name in the abstract name space.</param>
    /// <returns>Null for another kind of address, and for one that is too long.</returns>
    public static NotifySocket? Of(string name)
    {
        if (OperatingSystem.IsWindows() || name.Length < 2 || name[0] is not ('/' or '@'))
            return null;

        try
        {
            return new NotifySocket(new UnixDomainSocketEndPoint(name[0] == '@' ? '\0' + name[1..] : name));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <returns>What went wrong, or null. A socket of its own for each message: there are a few a minute.</returns>
    public string? Send(string state)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = (int)SendTimeout.TotalMilliseconds };
            socket.SendTo(Encoding.UTF8.GetBytes(state), _address);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }
}
