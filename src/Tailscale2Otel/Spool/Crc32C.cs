using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tailscale2Otel.Spool;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) over spans, eight bytes per instruction. The instruction takes three cycles and a new one
/// can begin in each, so long spans are folded in three lanes side by side (Gopal et al., "Fast CRC Computation for iSCSI Polynomial Using
/// CRC32 Instruction", Intel 2011).
/// </summary>
static class Crc32C
{
    const int Lanes = 3;

    /// <summary>Words of eight bytes in a lane, at most.</summary>
    const int MaxWords = 256;

    /// <summary>Shorter ones are done before lanes could be put together again.</summary>
    const int MinLaned = 192;

    /// <summary>For a lane of so many words: x to the power of its bits, less the 33 that <see cref="Pass"/> adds, modulo the polynomial.</summary>
    static readonly uint[] Powers = MakePowers();

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    /// <summary>Folds bytes into a running value; neither inverted before nor after.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= MinLaned && Pclmulqdq.IsSupported)
        {
            var words = Math.Min(bytes.Length / (Lanes * sizeof(ulong)), MaxWords);
            crc = AppendLanes(crc, MemoryMarshal.Cast<byte, ulong>(bytes)[..(Lanes * words)], words);
            bytes = bytes[(Lanes * words * sizeof(ulong))..];
        }

        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    static uint AppendLanes(uint crc, ReadOnlySpan<ulong> all, int words)
    {
        var first = all[..words];
        var second = all.Slice(words, first.Length);
        var third = all.Slice(2 * words, first.Length);
        uint next = 0;
        uint last = 0;
        for (var i = 0; i < first.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, first[i]);
            next = BitOperations.Crc32C(next, second[i]);
            last = BitOperations.Crc32C(last, third[i]);
        }

        return Pass(crc, 2 * words) ^ Pass(next, words) ^ last;
    }

    /// <summary>The value after as many zero words more.</summary>
    static uint Pass(uint crc, int words) => BitOperations.Crc32C(
        0, Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar((ulong)crc), Vector128.CreateScalar((ulong)Powers[words]), 0).ToScalar());

    static uint[] MakePowers()
    {
        // 64 bits less 33 are x to the power of 31, which is the last bit of the reflected form.
        var powers = new uint[(2 * MaxWords) + 1];
        powers[1] = 1;
        for (var words = 2; words < powers.Length; words++)
            powers[words] = BitOperations.Crc32C(powers[words - 1], 0UL);
        return powers;
    }
}
