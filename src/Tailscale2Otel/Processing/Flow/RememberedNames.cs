using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Names that records gave to addresses and node IDs, for the records that do not: for half an hour, and for so many that the
/// oldest goes when a new one comes. Its clock is the records' receive time.
/// </summary>
sealed class RememberedNames
{
    /// <summary>Nodes of one ID and two addresses each.</summary>
    public const int Nodes = 2_048;

    const int Capacity = Nodes * 3;
    const int Buckets = 8_192;
    const long Lifetime = 30 * 60 * EventTime.NanosecondsPerSecond;

    readonly Entry[] _entries = new Entry[Capacity];
    readonly int[] _buckets = new int[Buckets];
    int _used;
    int _oldest;
    ulong _names;

    public void Put(in IpValue key, ReadOnlySpan<byte> name, long now)
    {
        var index = Find(key);
        if (index < 0)
            index = Add(key);

        ref var entry = ref _entries[index];
        entry.SeenAt = now;
        if (name.SequenceEqual(entry.Name.AsSpan(0, entry.Length)))
            return;

        if (entry.Name is null || entry.Name.Length < name.Length)
            entry.Name = new byte[name.Length];
        name.CopyTo(entry.Name);
        entry.Length = name.Length;
        entry.Number = (++_names * Capacity) + (ulong)index;
    }

    /// <summary>Empty when unknown; good until the next <see cref="Put"/>.</summary>
    public ReadOnlySpan<byte> Get(scoped in IpValue key, long now)
    {
        var number = NumberOf(key, now);
        return number == 0 ? default : NameOf(number);
    }

    /// <summary>A number that no other name has had or will have, for <see cref="NameOf"/>; 0 when unknown.</summary>
    public ulong NumberOf(scoped in IpValue key, long now)
    {
        var index = Find(key);
        return index < 0 || now - _entries[index].SeenAt > Lifetime ? 0 : _entries[index].Number;
    }

    /// <param name="number">Of <see cref="NumberOf"/>; good until the next <see cref="Put"/>, like the name.</param>
    public ReadOnlySpan<byte> NameOf(ulong number)
    {
        ref readonly var entry = ref _entries[number % Capacity];
        return entry.Name.AsSpan(0, entry.Length);
    }

    /// <summary>A node ID in the place of an address.</summary>
    public static IpValue KeyOf(ReadOnlySpan<byte> nodeId) => new(Hash64.Of(nodeId), Hash64.Of(nodeId, seed: 1), IpFamily.None);

    int Find(scoped in IpValue key)
    {
        if (_used == 0)
            return -1;

        for (var index = _buckets[key.GetHashCode() & (Buckets - 1)] - 1; index >= 0; index = _entries[index].Next)
        {
            if (_entries[index].Key == key)
                return index;
        }

        return -1;
    }

    int Add(in IpValue key)
    {
        int index;
        if (_used < Capacity)
        {
            index = _used++;
        }
        else
        {
            index = _oldest;
            _oldest = (_oldest + 1) % Capacity;
            Unlink(index);
        }

        ref var bucket = ref _buckets[key.GetHashCode() & (Buckets - 1)];
        _entries[index].Key = key;
        _entries[index].Length = 0;
        _entries[index].Number = 0;
        _entries[index].Next = bucket - 1;
        bucket = index + 1;
        return index;
    }

    void Unlink(int index)
    {
        ref var bucket = ref _buckets[_entries[index].Key.GetHashCode() & (Buckets - 1)];
        if (bucket - 1 == index)
        {
            bucket = _entries[index].Next + 1;
            return;
        }

        var at = bucket - 1;
        while (_entries[at].Next != index)
            at = _entries[at].Next;
        _entries[at].Next = _entries[index].Next;
    }

    struct Entry
    {
        public IpValue Key;
        public byte[]? Name;
        public int Length;
        public int Next;
        public long SeenAt;
        public ulong Number;
    }
}
