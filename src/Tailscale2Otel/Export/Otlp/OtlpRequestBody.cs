using System.Buffers.Binary;
using System.IO.Compression;
using Tailscale2Otel.Compression;
using Tailscale2Otel.Export.Otlp.Wire;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>
/// The bytes of one request, ready for the wire: compressed once, however often it is sent, and framed for gRPC. Without
/// compression the message is not copied, so its memory must outlive this.
/// </summary>
sealed class OtlpRequestBody : IDisposable
{
    /// <summary>Compressed flag and length (gRPC over HTTP2, "Length-Prefixed-Message").</summary>
    const int GrpcFrame = 5;

    readonly ProtobufBuffer? _compressed;

    /// <summary>RFC 1952: a member of no bytes. The platform's compressor writes nothing for nothing, which no backend takes for gzip.</summary>
    static ReadOnlySpan<byte> EmptyGzip => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    OtlpRequestBody(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> rest, ProtobufBuffer? compressed)
    {
        Head = head;
        Rest = rest;
        _compressed = compressed;
    }

    public ReadOnlyMemory<byte> Head { get; }

    public ReadOnlyMemory<byte> Rest { get; }

    public int Length => Head.Length + Rest.Length;

    /// <summary>The last attempt to send it ended while it was being written.</summary>
    public bool IsHalfSent { get; set; }

    /// <param name="head">Small; copied when a frame goes before it.</param>
    public static OtlpRequestBody Create(OtlpTarget target, byte[] head, ReadOnlyMemory<byte> rest)
    {
        var isGrpc = target.Protocol == OtlpChoice.Grpc;
        if (target.Compression != OtlpChoice.None)
        {
            var buffer = Compress(target.Compression, isGrpc ? GrpcFrame : 0, head, rest.Span);
            if (isGrpc)
                Frame(buffer.Bytes, isCompressed: true, buffer.Length - GrpcFrame);
            return new OtlpRequestBody(buffer.Written, default, buffer);
        }

        if (!isGrpc)
            return new OtlpRequestBody(head, rest, null);

        var framed = new byte[GrpcFrame + head.Length];
        Frame(framed, isCompressed: false, head.Length + rest.Length);
        head.CopyTo(framed, GrpcFrame);
        return new OtlpRequestBody(framed, rest, null);
    }

    public void Dispose() => _compressed?.Dispose();

    static void Frame(Span<byte> destination, bool isCompressed, int length)
    {
        destination[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..], length);
    }

    static ProtobufBuffer Compress(string compression, int offset, ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        // Log records shrink to a tenth or less; the buffer grows where they do not.
        var buffer = new ProtobufBuffer(Math.Max(4096, rest.Length / 8));
        buffer.Reserve(offset);
        buffer.Advance(offset);
        using (var output = new ProtobufStream(buffer))
        {
            if (compression == OtlpChoice.Gzip && head.IsEmpty && rest.IsEmpty)
            {
                output.Write(EmptyGzip);
                return buffer;
            }

            using Stream compressor = compression == OtlpChoice.Zstd
                ? new ZstdStream(output, CompressionMode.Compress, leaveOpen: true)
                : new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
            compressor.Write(head);
            compressor.Write(rest);
        }

        return buffer;
    }
}
