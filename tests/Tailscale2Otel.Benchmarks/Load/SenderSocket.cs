using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>One kept connection, opened again when it ended.</summary>
sealed class SenderSocket(int port) : IDisposable
{
    readonly byte[] _answer = new byte[4096];
    Socket? _socket;

    /// <summary>True when the answer is 200; false for another, or none.</summary>
    public bool Post(ReadOnlySpan<byte> request)
    {
        try
        {
            _socket ??= Open();
            while (!request.IsEmpty)
                request = request[_socket.Send(request)..];
            return ReadAnswer(_socket);
        }
        catch (SocketException)
        {
            Dispose();
            return false;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    bool ReadAnswer(Socket socket)
    {
        for (var length = 0; ;)
        {
            var read = socket.Receive(_answer.AsSpan(length));
            if (read == 0)
            {
                Dispose();
                return false;
            }

            length += read;
            var answer = _answer.AsSpan(0, length);
            var head = answer.IndexOf("\r\n\r\n"u8);
            if (head < 0 || length < head + 4 + ContentLength(answer[..(head + 2)]))
                continue;
            if (answer[..head].IndexOf("Connection: close"u8) >= 0)
                Dispose();
            return answer.StartsWith("HTTP/1.1 200"u8);
        }
    }

    static int ContentLength(ReadOnlySpan<byte> head)
    {
        var value = head[(head.IndexOf("Content-Length: "u8) + 16)..];
        return int.Parse(value[..value.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
