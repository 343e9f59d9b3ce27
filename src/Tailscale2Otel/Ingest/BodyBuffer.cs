using System.Buffers;
using System.Numerics;

namespace Tailscale2Otel.Ingest;

/// <summary>
/// One body in one piece, in pooled memory that is counted in the budget. It grows as bytes come and not as a header promises,
/// so that a slow or lying sender takes no more than it sent (twice, at most). One owner, who disposes it.
/// </summary>
sealed class BodyBuffer(BodyBudget budget, int limit) : IDisposable
{
    const int FirstSize = 16 * 1024;

    /// <summary>Larger arrays are left to the garbage collector: the pool would keep them for every thread.</summary>
    const int LargestPooled = 1024 * 1024;

    byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Bytes of the budget that one body takes at most.</summary>
    public static int LargestSize(int limit) => SizeOf(limit);

    public BodyOutcome Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > limit - Length)
            return BodyOutcome.TooLarge;
        if (!TryReserve(bytes.Length))
            return BodyOutcome.Busy;

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
        return BodyOutcome.Read;
    }

    public BodyOutcome Append(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length > limit - Length)
            return BodyOutcome.TooLarge;
        if (!TryReserve((int)bytes.Length))
            return BodyOutcome.Busy;

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += (int)bytes.Length;
        return BodyOutcome.Read;
    }

    /// <summary>Reads the stream to its end. Throws what the stream throws.</summary>
    public BodyOutcome AppendAll(Stream stream)
    {
        while (true)
        {
            // At the limit one more byte is asked for, since only that tells a body that fits from one that does not.
            if (Length == limit)
                return stream.ReadByte() < 0 ? BodyOutcome.Read : BodyOutcome.TooLarge;
            if (!TryReserve(1))
                return BodyOutcome.Busy;

            var read = stream.Read(_bytes.AsSpan(Length, Math.Min(_bytes.Length, limit) - Length));
            if (read == 0)
                return BodyOutcome.Read;
            Length += read;
        }
    }

    public void Dispose()
    {
        Release(_bytes);
        _bytes = [];
        Length = 0;
    }

    bool TryReserve(int more)
    {
        var needed = Length + more;
        if (needed <= _bytes.Length)
            return true;

        var size = SizeOf((int)Math.Min(Math.Max(needed, Math.Max(FirstSize, 2L * _bytes.Length)), Math.Max(limit, needed)));
        if (!budget.TryTake(size - _bytes.Length))
            return false;

        var larger = size <= LargestPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);
        // The smaller array counts until its bytes are copied, but is no reason to refuse: a body that fits could not grow to its size.
        budget.Take(larger.Length - size + _bytes.Length);
        Bytes.CopyTo(larger);
        Release(_bytes);
        _bytes = larger;
        return true;
    }

    /// <summary>A pooled array may be larger than asked for; ask for what it will be.</summary>
    static int SizeOf(int bytes) => bytes <= LargestPooled ? (int)BitOperations.RoundUpToPowerOf2((uint)bytes) : bytes;

    void Release(byte[] bytes)
    {
        if (bytes.Length == 0)
            return;

        budget.Give(bytes.Length);
        if (bytes.Length <= LargestPooled)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
