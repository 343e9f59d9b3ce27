using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Processing.Counting;

/// <summary>
/// Rows of unsigned 64-bit counters that stop at their largest value, found by a <see cref="CounterKey"/>. Bounded in rows and
/// in bytes of keys; a key that is there is found without allocating. Rows keep their number until <see cref="Clear"/>.
/// Not thread-safe.
/// </summary>
sealed class CounterTable
{
    /// <summary>No such row, and no room for one.</summary>
    public const int None = -1;

    const int FirstRows = 16;
    const int KeyBytesPerRow = 1024;

    readonly int _width;
    readonly int _capacity;
    readonly int _maxKeyBytes;
    Entry[] _rows = new Entry[FirstRows];
    ulong[] _values;
    byte[] _keys = new byte[FirstRows * 64];
    int[] _buckets = new int[FirstRows * 2];
    int _keyBytes;

    /// <param name="width">Counters in a row.</param>
    /// <param name="capacity">Rows at most.</param>
    public CounterTable(int width, int capacity)
    {
        _width = width;
        _capacity = capacity;
        _maxKeyBytes = (int)Math.Min((long)capacity * KeyBytesPerRow, Array.MaxLength / 2);
        _values = new ulong[FirstRows * width];
    }

    public int Count { get; private set; }

    /// <summary>Bytes of memory held, for the tests of the bounds.</summary>
    public long MemoryBytes => _rows.Length * 16L + _values.Length * 8L + _keys.Length + _buckets.Length * 4L;

    /// <summary>Counters of all rows, row by row.</summary>
    public ReadOnlySpan<ulong> Values => _values.AsSpan(0, Count * _width);

    public ReadOnlySpan<byte> Key(int row) => _keys.AsSpan(_rows[row].KeyStart, _rows[row].KeyLength);

    /// <summary>The counters of one row.</summary>
    public Span<ulong> Row(int row) => _values.AsSpan(row * _width, _width);

    public ulong this[int row, int column] => _values[row * _width + column];

    /// <summary>The key's row, a new one if need be.</summary>
    /// <param name="spare">Rows that a new key must leave free.</param>
    public int FindOrAdd(ReadOnlySpan<byte> key, int spare = 0)
    {
        var hash = CounterKey.Hash(key);
        var row = Find(key, hash);
        return row != None ? row : Add(key, hash, spare);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int row, int column, ulong amount)
    {
        ref var value = ref _values[row * _width + column];
        value = Saturate(value, amount);
    }

    public static ulong Saturate(ulong left, ulong right)
    {
        var sum = left + right;
        return sum < left ? ulong.MaxValue : sum;
    }

    /// <summary>Forgets all rows and keeps the memory.</summary>
    public void Clear()
    {
        _values.AsSpan(0, Count * _width).Clear();
        _buckets.AsSpan().Clear();
        Count = 0;
        _keyBytes = 0;
    }

    // A bucket holds a row's number plus one; 0 is an empty one.
    int Find(ReadOnlySpan<byte> key, ulong hash)
    {
        var mask = _buckets.Length - 1;
        for (var bucket = (int)hash & mask; _buckets[bucket] is var found && found != 0; bucket = (bucket + 1) & mask)
        {
            ref readonly var row = ref _rows[found - 1];
            if (row.Hash == hash && key.SequenceEqual(_keys.AsSpan(row.KeyStart, row.KeyLength)))
                return found - 1;
        }

        return None;
    }

    int Add(ReadOnlySpan<byte> key, ulong hash, int spare)
    {
        if (!CounterKey.IsText(key))
            return FindOrAdd(CounterKey.ToText(key), spare);
        if (Count >= _capacity - spare || key.Length > _maxKeyBytes - _keyBytes)
            return None;

        if (Count == _rows.Length)
            Grow();
        if (_keys.Length - _keyBytes < key.Length)
            Array.Resize(ref _keys, (int)Math.Min(Math.Max(_keys.Length * 2L, _keyBytes + key.Length), _maxKeyBytes));

        key.CopyTo(_keys.AsSpan(_keyBytes));
        _rows[Count] = new Entry(hash, _keyBytes, key.Length);
        _keyBytes += key.Length;
        Enter(Count);
        return Count++;
    }

    void Grow()
    {
        var rows = Math.Min(_rows.Length * 2, Math.Max(_capacity, FirstRows));
        Array.Resize(ref _rows, rows);
        Array.Resize(ref _values, rows * _width);
        if (_buckets.Length >= rows * 2)
            return;

        _buckets = new int[_buckets.Length * 2];
        for (var row = 0; row < Count; row++)
            Enter(row);
    }

    void Enter(int row)
    {
        var mask = _buckets.Length - 1;
        var bucket = (int)_rows[row].Hash & mask;
        while (_buckets[bucket] != 0)
            bucket = (bucket + 1) & mask;
        _buckets[bucket] = row + 1;
    }

    readonly record struct Entry(ulong Hash, int KeyStart, int KeyLength);
}
