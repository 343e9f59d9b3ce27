using System.Numerics;

namespace Tailscale2Otel.Enrichment;

/// <summary>Rows by texts that lie in one block: found by hash, believed only after the text itself was compared.</summary>
sealed class TextIndex
{
    readonly int[] _buckets;
    readonly Entry[] _entries;
    int _count;

    /// <param name="capacity">Keys at most.</param>
    public TextIndex(int capacity)
    {
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 1))];
        _entries = new Entry[capacity];
    }

    /// <summary>Adds a key; of the same key twice the first stays.</summary>
    public void Add(ReadOnlySpan<byte> block, TextRange key, int row)
    {
        var text = block.Slice(key.Start, key.Length);
        if (text.IsEmpty || Find(block, text) >= 0)
            return;

        var hash = Hash64.Of(text);
        ref var bucket = ref _buckets[BucketOf(hash)];
        _entries[_count] = new Entry(hash, key, row, bucket - 1);
        bucket = ++_count;
    }

    /// <summary>The row, or -1.</summary>
    public int Find(ReadOnlySpan<byte> block, ReadOnlySpan<byte> text)
    {
        var hash = Hash64.Of(text);
        for (var at = _buckets[BucketOf(hash)] - 1; at >= 0; at = _entries[at].Next)
        {
            ref readonly var entry = ref _entries[at];
            if (entry.Hash == hash && block.Slice(entry.Key.Start, entry.Key.Length).SequenceEqual(text))
                return entry.Row;
        }

        return -1;
    }

    int BucketOf(ulong hash) => (int)(hash & (uint)(_buckets.Length - 1));

    readonly record struct Entry(ulong Hash, TextRange Key, int Row, int Next);
}
