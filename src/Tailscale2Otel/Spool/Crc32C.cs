using System.Buffers.Binary;
using System.Numerics;

namespace Tailscale2Otel.Spool;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4) over spans, eight bytes per instruction.</summary>
static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    /// <summary>Folds bytes into a running value; neither inverted before nor after.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
