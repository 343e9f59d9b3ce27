using System.Buffers;
using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>A growing array from the pool, with references to its elements. One owner, who disposes it.</summary>
sealed class PooledList<T>(int capacity) : IDisposable
    where T : struct
{
    /// <summary>In bytes; larger arrays are left to the garbage collector, since the pool would keep them for every thread.</summary>
    const int LargestPooled = 1024 * 1024;

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
        Release();
        _items = [];
        Count = 0;
    }

    void Grow()
    {
        var size = _items.Length * 2;
        var larger = IsPooled(size) ? ArrayPool<T>.Shared.Rent(size) : new T[size];
        Items.CopyTo(larger);
        Release();
        _items = larger;
    }

    void Release()
    {
        if (_items.Length > 0 && IsPooled(_items.Length))
            ArrayPool<T>.Shared.Return(_items);
    }

    static bool IsPooled(int length) => length <= LargestPooled / Unsafe.SizeOf<T>();
}
