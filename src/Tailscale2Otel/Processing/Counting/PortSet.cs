namespace Tailscale2Otel.Processing.Counting;

/// <summary>
/// Distinct ports, counted exactly: a short list, and from the 33rd port on a bitmap of 8 KiB, which is kept for reuse.
/// </summary>
sealed class PortSet
{
    const int ListLength = 32;
    const int Ports = 65_536;

    readonly ushort[] _list = new ushort[ListLength];
    ulong[]? _bitmap;

    public int Count { get; private set; }

    public void Add(ushort port)
    {
        if (Count <= ListLength)
        {
            if (_list.AsSpan(0, Count).Contains(port))
                return;
            if (Count < ListLength)
            {
                _list[Count++] = port;
                return;
            }

            _bitmap ??= new ulong[Ports / 64];
            foreach (var listed in _list)
                _bitmap[listed >> 6] |= 1UL << listed;
        }

        ref var word = ref _bitmap![port >> 6];
        var bit = 1UL << port;
        if ((word & bit) != 0)
            return;
        word |= bit;
        Count++;
    }

    public void Clear()
    {
        if (Count > ListLength)
            _bitmap.AsSpan().Clear();
        Count = 0;
    }
}
