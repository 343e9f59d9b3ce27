using System.Buffers.Binary;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>The last four bytes of a zlib body are the Adler-32 of its text (RFC 1950, sections 2.2 and 8.2).</summary>
static class ZlibTrailer
{
    const uint Modulus = 65_521;

    /// <summary>So many bytes can be added up before the sums need the modulus.</summary>
    const int Block = 5552;

    /// <summary>Header, an empty block and the checksum.</summary>
    const int Shortest = 8;

    public static bool Matches(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> content)
    {
        // Nothing is no stream; the caller answers that there is no data.
        if (wire.IsEmpty)
            return true;
        return wire.Length >= Shortest && BinaryPrimitives.ReadUInt32BigEndian(wire[^4..]) == Adler32(content);
    }

    static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        var (a, b) = (1u, 0u);
        while (!bytes.IsEmpty)
        {
            var block = bytes[..Math.Min(Block, bytes.Length)];
            foreach (var value in block)
            {
                a += value;
                b += a;
            }

            (a, b) = (a % Modulus, b % Modulus);
            bytes = bytes[block.Length..];
        }

        return (b << 16) | a;
    }
}
