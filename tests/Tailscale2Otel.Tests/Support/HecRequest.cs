using System.IO.Compression;
using System.Text;
using Tailscale2Otel.Compression;

namespace Tailscale2Otel.Tests.Support;

/// <summary>A request as bytes on the wire, so that tests can send what no client library would.</summary>
sealed record HecRequest
{
    public string Method { get; init; } = "POST";

    public string Path { get; init; } = "/services/collector/event";

    /// <summary>Null: none.</summary>
    public string? Authorization { get; init; } = $"Splunk {HecHost.Token}";

    public string? ContentType { get; init; } = "application/json";

    public string? Encoding { get; init; }

    public string? Channel { get; init; }

    public string[] Headers { get; init; } = [];

    public string Version { get; init; } = "1.1";

    public bool Chunked { get; init; }

    public byte[]? Body { get; init; }

    public string Text
    {
        init => Body = System.Text.Encoding.UTF8.GetBytes(value);
    }

    public byte[] ToBytes()
    {
        var head = new StringBuilder($"{Method} {Path} HTTP/{Version}\r\n");
        if (Version != "1.0")
            head.Append("Host: localhost\r\n");
        foreach (var (name, value) in new[] { ("Authorization", Authorization), ("Content-Type", ContentType), ("Content-Encoding", Encoding), ("X-Splunk-Request-Channel", Channel) })
        {
            if (value is not null)
                head.Append($"{name}: {value}\r\n");
        }

        foreach (var header in Headers)
            head.Append($"{header}\r\n");
        if (Chunked)
            head.Append("Transfer-Encoding: chunked\r\n");
        else if (Body is not null)
            head.Append($"Content-Length: {Body.Length}\r\n");
        head.Append("\r\n");
        byte[] start = System.Text.Encoding.ASCII.GetBytes(head.ToString());
        return Body is null ? start : [.. start, .. Chunked ? Chunks(Body) : Body];
    }

    public static byte[] Gzip(ReadOnlySpan<byte> data, CompressionLevel level = CompressionLevel.Fastest) => Compress(data, s => new GZipStream(s, level, leaveOpen: true));

    public static byte[] Deflate(ReadOnlySpan<byte> data, CompressionLevel level = CompressionLevel.Fastest) => Compress(data, s => new ZLibStream(s, level, leaveOpen: true));

    public static byte[] Zstd(ReadOnlySpan<byte> data) => Compress(data, s => new ZstdStream(s, CompressionMode.Compress, leaveOpen: true));

    static byte[] Compress(ReadOnlySpan<byte> data, Func<Stream, Stream> open)
    {
        var memory = new MemoryStream();
        using (var stream = open(memory))
            stream.Write(data);
        return memory.ToArray();
    }

    static byte[] Chunks(byte[] body)
    {
        var chunks = new MemoryStream();
        for (var at = 0; at < body.Length; at += 1000)
        {
            var length = Math.Min(1000, body.Length - at);
            chunks.Write(System.Text.Encoding.ASCII.GetBytes($"{length:x}\r\n"));
            chunks.Write(body.AsSpan(at, length));
            chunks.Write("\r\n"u8);
        }

        chunks.Write("0\r\n\r\n"u8);
        return chunks.ToArray();
    }
}
