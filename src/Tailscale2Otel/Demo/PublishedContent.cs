using System.IO.Compression;
using System.Net;
using Tailscale2Otel.Compression;

namespace Tailscale2Otel.Demo;

/// <summary>A body of unknown length, and so a chunked one, compressed while it is sent.</summary>
sealed class PublishedContent : HttpContent
{
    readonly ReadOnlyMemory<byte> _body;
    readonly StreamEncoding _encoding;

    public PublishedContent(ReadOnlyMemory<byte> body, StreamEncoding encoding)
    {
        _body = body;
        _encoding = encoding;
        if (encoding != StreamEncoding.Identity)
            Headers.ContentEncoding.Add(encoding == StreamEncoding.Gzip ? "gzip" : "zstd");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var compressed = _encoding switch
        {
            StreamEncoding.Gzip => new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true),
            StreamEncoding.Zstd => (Stream)new ZstdStream(stream, CompressionMode.Compress, leaveOpen: true),
            _ => null,
        };
        await (compressed ?? stream).WriteAsync(_body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
