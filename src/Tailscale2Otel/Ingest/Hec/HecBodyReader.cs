using System.IO.Compression;
using Tailscale2Otel.Compression;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Gets a request's body as it is on the wire, and then decompresses it. Both are bounded, alone and together.</summary>
sealed class HecBodyReader(HecOptions options, HecLimits limits, TimeProvider time)
{
    readonly HecDecompression _decompress = options.Decompress;
    readonly BodyReceiver _receiver = new(limits.BodyBytes, options.ReceiveTimeout, time);

    public BodyBudget Budget { get; } = new(options.MaxConcurrentBodyBytes);

    /// <summary>What the body will be decompressed with; false when it cannot be.</summary>
    public bool TryGetEncoding(string header, out BodyEncoding encoding, out BodyOutcome refusal)
    {
        encoding = _decompress switch
        {
            HecDecompression.None => BodyEncoding.Identity,
            HecDecompression.Gzip => BodyEncoding.Gzip,
            HecDecompression.Zstd => BodyEncoding.Zstd,
            _ => FromHeader(header),
        };
        refusal = encoding == BodyEncoding.Unknown ? BodyOutcome.UnknownEncoding : BodyOutcome.ZstdMissing;
        return encoding != BodyEncoding.Unknown && (encoding != BodyEncoding.Zstd || ZstdStream.IsAvailable);
    }

    /// <summary>Reads the body from the connection.</summary>
    public ValueTask<BodyOutcome> ReceiveAsync(HttpContext context, BodyBuffer body) => _receiver.ReceiveAsync(context, body);

    /// <summary>Does not throw for what is in the body.</summary>
    public static BodyOutcome Decompress(BodyBuffer wire, BodyEncoding encoding, BodyBuffer body)
    {
        using var source = new TailStream(wire.Memory);
        try
        {
            using Stream stream = encoding switch
            {
                BodyEncoding.Gzip => new GZipStream(source, CompressionMode.Decompress),
                BodyEncoding.Deflate => new ZLibStream(source, CompressionMode.Decompress),
                _ => new ZstdStream(source, CompressionMode.Decompress),
            };
            var outcome = body.AppendAll(stream);
            if (outcome != BodyOutcome.Read)
                return outcome;
        }
        catch (InvalidDataException)
        {
            return BodyOutcome.Corrupt;
        }

        // The platform's decoders pass over what follows the end; it would be records that the sender believes delivered.
        return source.IsDrained && IsWhole(encoding, wire.Bytes, body.Bytes) ? BodyOutcome.Read : BodyOutcome.Corrupt;
    }

    /// <summary>
    /// That a stream breaks off is told by the decoders, for which the project file sets <c>UseStrictValidation</c>; what they do not tell
    /// is that something stands behind its end.
    /// </summary>
    static bool IsWhole(BodyEncoding encoding, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> body) => encoding switch
    {
        BodyEncoding.Gzip => GzipTrailer.Matches(wire, body),
        BodyEncoding.Deflate => ZlibTrailer.Matches(wire, body),
        _ => true,
    };

    static BodyEncoding FromHeader(string header)
    {
        if (header.Length == 0 || header.Equals("identity", StringComparison.OrdinalIgnoreCase))
            return BodyEncoding.Identity;
        if (header.Equals("gzip", StringComparison.OrdinalIgnoreCase) || header.Equals("x-gzip", StringComparison.OrdinalIgnoreCase))
            return BodyEncoding.Gzip;
        if (header.Equals("zstd", StringComparison.OrdinalIgnoreCase))
            return BodyEncoding.Zstd;
        return header.Equals("deflate", StringComparison.OrdinalIgnoreCase) ? BodyEncoding.Deflate : BodyEncoding.Unknown;
    }
}
