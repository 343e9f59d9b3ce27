using System.Numerics;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>
/// Keys in the order they came, found by content. The keys stand in a ring of 28 bytes each; an open-addressing index of
/// six bytes a slot, at most half full, points into it: 40 to 52 bytes a key, 40.6 at the default limit. Two of the six are a
/// mark apart from the rest: a tag of the key, so that one that is not there, as most are not, is told from one cache line, and
/// how far it is from its home, so that taking one out does not have to look at its neighbours' keys. Small tables grow by
/// doubling; beyond that the whole is reserved at once, since pages that no key has touched cost no memory, while copies left
/// behind by doubling do.
/// </summary>
sealed class KeyTable(int maxKeys)
{
    const int FirstCapacity = 1024;
    const int LargestDoubled = 65_536;

    /// <summary>A distance of this or more is worked out anew.</summary>
    const int FarAway = byte.MaxValue;

    /// <summary>Multiplicative hashing with an odd number of this process's own: senders choose contents, and must not choose slots.</summary>
    readonly ulong _multiplier = RandomWord.Next() | 1;

    OwnedKey[] _ring = new OwnedKey[Math.Min(FirstCapacity, maxKeys)];
    int[] _index = new int[2 * FirstCapacity];

    /// <summary>Of each slot, 0 where there is none: the tag in the low byte, the distance in the high one.</summary>
    ushort[] _marks = new ushort[2 * FirstCapacity];
    int _shift = 64 - BitOperations.Log2(2 * FirstCapacity);
    int _head;

    public int Count { get; private set; }

    /// <summary>Bytes of the arrays.</summary>
    public long Memory => ((long)_ring.Length * OwnedKey.Size) + ((long)_index.Length * (sizeof(int) + sizeof(ushort)));

    public bool IsFull => Count == maxKeys;

    /// <summary>The oldest; only when there is one.</summary>
    public ref readonly OwnedKey Oldest => ref _ring[_head];

    /// <param name="age">0 is the oldest.</param>
    public ref readonly OwnedKey this[int age] => ref _ring[Wrap(_head + age)];

    /// <summary>Begins to fetch what <see cref="TryFind"/> and <see cref="Add"/> will look at, which is in no cache.</summary>
    public void Expect(in ContentKey key)
    {
        var home = HomeOf(key.Low);
        CacheLine.Fetch(in _marks[home]);
        CacheLine.Fetch(in _index[home]);
    }

    public bool TryFind(in ContentKey key, out long position)
    {
        var tag = TagOf(key.High);
        var mask = _marks.Length - 1;
        for (var slot = HomeOf(key.Low); _marks[slot] is var found && found != 0; slot = (slot + 1) & mask)
        {
            if ((byte)found != tag)
                continue;
            ref readonly var owned = ref _ring[_index[slot] - 1];
            if (!owned.Is(key))
                continue;

            position = owned.Position;
            return true;
        }

        position = 0;
        return false;
    }

    /// <summary>The last keys that came, oldest first; good until the next <see cref="Add"/>. A copy only where the ring begins anew among them.</summary>
    public ReadOnlySpan<OwnedKey> Newest(int count)
    {
        var first = Wrap(_head + Count - count);
        return first + count <= _ring.Length ? _ring.AsSpan(first, count) : (OwnedKey[])[.. _ring.AsSpan(first), .. _ring.AsSpan(0, first + count - _ring.Length)];
    }

    /// <summary>Adds a key that is not there, when there is room.</summary>
    public void Add(in OwnedKey key)
    {
        if (Count == _ring.Length)
            Grow();

        var place = Wrap(_head + Count);
        _ring[place] = key;
        Count++;
        Link(place);
    }

    public void RemoveOldest()
    {
        Unlink(_head);
        _head = Wrap(_head + 1);
        Count--;
        // The next to go is known, and what it will be taken out of is in no cache.
        var next = HomeOf(_ring[_head].Low);
        CacheLine.Fetch(in _index[next]);
        CacheLine.Fetch(in _marks[next]);
    }

    void Grow()
    {
        var capacity = _ring.Length >= LargestDoubled ? maxKeys : Math.Min(2 * _ring.Length, maxKeys);
        var larger = LargePages.Allocate<OwnedKey>(capacity);
        for (var age = 0; age < Count; age++)
            larger[age] = this[age];
        (_ring, _head) = (larger, 0);

        _index = LargePages.Allocate<int>((int)BitOperations.RoundUpToPowerOf2((uint)(2 * larger.Length)));
        _marks = LargePages.Allocate<ushort>(_index.Length);
        _shift = 64 - BitOperations.Log2((uint)_index.Length);
        for (var place = 0; place < Count; place++)
            Link(place);
    }

    void Link(int place)
    {
        var mask = _marks.Length - 1;
        var home = HomeOf(_ring[place].Low);
        var slot = home;
        while (_marks[slot] != 0)
            slot = (slot + 1) & mask;
        _marks[slot] = MarkOf(TagOf(_ring[place].High), (slot - home) & mask);
        _index[slot] = place + 1;
    }

    /// <summary>Backward-shift deletion: what probed past the hole moves into it, so that no tombstones gather.</summary>
    void Unlink(int place)
    {
        var mask = _marks.Length - 1;
        var hole = HomeOf(_ring[place].Low);
        while (_index[hole] != place + 1)
            hole = (hole + 1) & mask;

        for (var slot = (hole + 1) & mask; _marks[slot] is var mark && mark != 0; slot = (slot + 1) & mask)
        {
            var distance = mark >> 8;
            if (distance == FarAway)
                distance = (slot - HomeOf(_ring[_index[slot] - 1].Low)) & mask;
            var step = (slot - hole) & mask;
            if (distance < step)
                continue;

            _index[hole] = _index[slot];
            _marks[hole] = MarkOf((byte)mark, distance - step);
            hole = slot;
        }

        _index[hole] = 0;
        _marks[hole] = 0;
    }

    static ushort MarkOf(byte tag, int distance) => (ushort)(tag | (Math.Min(distance, FarAway) << 8));

    int HomeOf(ulong low) => (int)((low * _multiplier) >> _shift);

    /// <summary>Of the half that the slot does not come from; never 0.</summary>
    static byte TagOf(ulong high) => (byte)((high >> 57) + 1);

    int Wrap(int place) => place < _ring.Length ? place : place - _ring.Length;
}
