using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tailscale2Otel.Tests.Export.Otlp;

/// <summary>
/// A backend over HTTP/1.1 that decides by the length of a request: it takes it whole, or answers without reading it and closes the
/// connection, as limits and refusals in Go's net/http do, or neither reads on nor answers.
/// </summary>
sealed class HastyBackend : IAsyncDisposable
{
    /// <summary>Instead of a status: neither reads on nor answers.</summary>
    public const int Silence = 0;

    /// <summary>As in net/http: a connection that is closed with something unread is reset, and a reset overtakes the answer.</summary>
    static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    readonly Func<int, int> _status;
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ConcurrentQueue<int> _lengths = [];
    readonly Task _accepting;

    /// <param name="status">The answer to a request of so many bytes; the body is read before a 200 and no other.</param>
    public HastyBackend(Func<int, int> status)
    {
        _status = status;
        // As far as a network has room, and not as far as loopback has.
        _listener.Server.ReceiveBufferSize = 64 * 1024;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Endpoint => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Of the requests' bodies, in order of arrival.</summary>
    public IEnumerable<int> Lengths => _lengths;

    /// <summary>Ends when the head of a request is there.</summary>
    public Task FirstAsync() => _first.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        while (true)
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), _stop.Token);
    }

    async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using var connection = client;
        var stream = connection.GetStream();
        var buffer = new byte[64 * 1024];
        var read = 0;
        int head;
        do
        {
            var more = await stream.ReadAsync(buffer.AsMemory(read), stop);
            if (more == 0)
                return;
            read += more;
            head = buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) + 4;
        }
        while (head < 4);

        var length = Length(Encoding.ASCII.GetString(buffer, 0, head));
        var status = _status(length);
        _lengths.Enqueue(length);
        _first.TrySetResult();
        if (status == Silence)
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        if (status == 200)
            await stream.ReadExactlyAsync(new byte[length - (read - head)], stop);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} -\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), stop);
        client.Client.Shutdown(SocketShutdown.Send);
        await Task.Delay(Linger, stop);
    }

    static int Length(string head) => int.Parse(
        head.Split("\r\n").Single(l => l.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase)).AsSpan("Content-Length: ".Length), CultureInfo.InvariantCulture);
}
