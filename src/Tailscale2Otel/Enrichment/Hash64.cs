using System.Buffers.Binary;

namespace Tailscale2Otel.Enrichment;

/// <summary>A quick hash for tables where a collision costs nothing but a wrong guess; never for content keys.</summary>
static class Hash64
{
    const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var hash = seed ^ ((ulong)bytes.Length * Multiplier);
        while (bytes.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        var rest = 0UL;
        foreach (var b in bytes)
            rest = (rest << 8) | b;
        return Mix(hash ^ rest);
    }

    static ulong Mix(ulong value)
    {
        value *= Multiplier;
        value ^= value >> 32;
        value *= 0xD6E8_FEB8_6659_FD93;
        return value ^ (value >> 29);
    }
}
