using System.Buffers;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>A growing array from the pool, with references to its elements. One owner, who disposes it.</summary>
sealed class PooledList<T>(int capacity) : IDisposable
    where T : struct
{
    T[] _items = ArrayPool<T>.Shared.Rent(capacity);

    public int Count { get; private set; }

    public ref T this[int index] => ref _items[index];

    public ReadOnlySpan<T> Items => _items.AsSpan(0, Count);

    public void Add(T item)
    {
        if (Count == _items.Length)
            Grow();
        _items[Count++] = item;
    }

    public void Truncate(int count) => Count = Math.Min(count, Count);

    public void Dispose()
    {
        if (_items.Length > 0)
            ArrayPool<T>.Shared.Return(_items);
        _items = [];
        Count = 0;
    }

    void Grow()
    {
        var larger = ArrayPool<T>.Shared.Rent(_items.Length * 2);
        Items.CopyTo(larger);
        ArrayPool<T>.Shared.Return(_items);
        _items = larger;
    }
}
