using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>One connection of the daemon to the sink, on a thread of its own.</summary>
sealed class SinkSocket(Socket socket, Sink sink)
{
    const int HeadBytes = 16 * 1024;

    byte[] _bytes = new byte[2 << 20];
    byte[] _plain = new byte[2 << 20];
    int _length;

    /// <summary>Until the other side ends it.</summary>
    public void Serve()
    {
        using (socket)
        {
            try
            {
                while (Head() is { } head && Receive(head.End + head.Content))
                {
                    var at = TimeProvider.System.GetTimestamp();
                    Take(head, at);
                    socket.Send("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"u8);
                    var request = head.End + head.Content;
                    _bytes.AsSpan(request.._length).CopyTo(_bytes);
                    _length -= request;
                }
            }
            catch (SocketException)
            {
                // The daemon was ended.
            }
        }
    }

    void Take(in (int End, int Content, bool IsMetrics, bool IsGzip) head, long at)
    {
        var body = _bytes.AsSpan(head.End, head.Content);
        if (head.IsGzip)
            body = Decompress(head.End, head.Content);
        if (head.IsMetrics)
            sink.TakeMetrics(body, at);
        else
            sink.TakeLogs(body, head.Content, at);
    }

    Span<byte> Decompress(int start, int length)
    {
        using var gzip = new GZipStream(new MemoryStream(_bytes, start, length), CompressionMode.Decompress);
        for (var total = 0; ;)
        {
            if (total == _plain.Length)
                Array.Resize(ref _plain, total * 2);
            var read = gzip.Read(_plain.AsSpan(total));
            if (read == 0)
                return _plain.AsSpan(0, total);
            total += read;
        }
    }

    (int End, int Content, bool IsMetrics, bool IsGzip)? Head()
    {
        int end;
        while ((end = _bytes.AsSpan(0, Math.Min(_length, HeadBytes)).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!Receive(_length + 1))
                return null;
        }

        var head = _bytes.AsSpan(0, end + 2);
        var value = head[(head.IndexOf("Content-Length: "u8) + 16)..];
        var content = int.Parse(value[..value.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
        return (end + 4, content, head.StartsWith("POST /v1/metrics "u8), head.IndexOf("Content-Encoding: gzip"u8) >= 0);
    }

    /// <summary>False when the connection ends before so many bytes are there.</summary>
    bool Receive(int needed)
    {
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        while (_length < needed)
        {
            var read = socket.Receive(_bytes.AsSpan(_length));
            if (read == 0)
                return false;
            _length += read;
        }

        return true;
    }
}
