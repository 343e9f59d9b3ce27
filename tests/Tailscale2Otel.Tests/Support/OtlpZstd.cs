using System.Runtime.InteropServices;

namespace Tailscale2Otel.Tests.Support;

/// <summary>libzstd's one-shot decompression, so that what was sent is not read with the code that wrote it.</summary>
static partial class OtlpZstd
{
    const int Largest = 256 << 20;

    public static byte[] Decompress(byte[] compressed)
    {
        for (var capacity = 1 << 20; capacity <= Largest; capacity *= 4)
        {
            var result = new byte[capacity];
            var written = ZSTD_decompress(result, (nuint)capacity, compressed, (nuint)compressed.Length);
            if (ZSTD_isError(written) == 0)
                return result[..(int)written];
        }

        throw new InvalidDataException("Not one whole zstd frame of an acceptable size.");
    }

    [LibraryImport("libzstd.so.1")]
    private static partial nuint ZSTD_decompress(byte[] destination, nuint capacity, byte[] source, nuint size);

    [LibraryImport("libzstd.so.1")]
    private static partial uint ZSTD_isError(nuint code);
}
