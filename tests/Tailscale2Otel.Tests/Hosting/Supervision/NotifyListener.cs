using System.Net.Sockets;
using System.Text;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Supervision;

/// <summary>The service manager's end: a real datagram socket, in a folder or in the abstract name space.</summary>
sealed class NotifyListener : IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    readonly TemporaryFolder _folder = new();
    readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public NotifyListener(bool isAbstract = false)
    {
        Name = isAbstract ? "@" + Path.GetFileName(_folder.Path) : _folder.File("notify");
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? '\0' + Name[1..] : Name));
    }

    /// <summary>As it stands in <c>NOTIFY_SOCKET</c>.</summary>
    public string Name { get; }

    /// <summary>Messages that nobody has taken yet.</summary>
    public bool HasMore => _socket.Poll(0, SelectMode.SelectRead);

    public async Task<string> NextAsync()
    {
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(Limit);
        return Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, limit.Token));
    }

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }
}
