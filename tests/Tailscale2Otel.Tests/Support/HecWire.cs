using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tailscale2Otel.Tests.Support;

/// <summary>Just enough of an HTTP/1.1 client to send anything and to read any answer.</summary>
static class HecWire
{
    /// <summary>Bounds a hanging test; nothing waits for it otherwise.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task<HecResponse> SendAsync(IPEndPoint server, HecRequest request) => SendAsync(server, request.ToBytes(), request.Method == "HEAD");

    public static async Task<HecResponse> SendAsync(IPEndPoint server, ReadOnlyMemory<byte> bytes, bool isHead = false)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server, patience.Token);
        await using var stream = client.GetStream();
        var writing = WriteAsync(stream, bytes, patience.Token);
        var response = await ReadAsync(stream, isHead, patience.Token);
        client.Close();
        await writing;
        return response;
    }

    /// <summary>A server that has answered may close while we still write; that is no failure.</summary>
    public static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellation);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
        }
    }

    public static async Task<HecResponse> ReadAsync(Stream stream, bool isHead = false, CancellationToken cancellation = default)
    {
        while (true)
        {
            var head = (await ReadHeadAsync(stream, cancellation)).Split("\r\n");
            var status = int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture);
            if (status == 100)
                continue;

            var headers = head.Skip(1).Where(l => l.Length > 0).Select(l => l.Split(':', 2))
                .ToDictionary(l => l[0], l => l[1].Trim(), StringComparer.OrdinalIgnoreCase);
            var body = new byte[isHead ? 0 : int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(body, cancellation);
            return new HecResponse(status, headers, Encoding.UTF8.GetString(body));
        }
    }

    static async Task<string> ReadHeadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, cancellation) == 0)
                throw new EndOfStreamException($"The server closed the connection after '{Encoding.ASCII.GetString([.. head])}'");
            head.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. head]);
    }
}
