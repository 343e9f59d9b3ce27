namespace Tailscale2Otel.Redaction;

/// <summary>
/// The values that were taken out of one record, which its texts may hold too. Bounded: beyond the limit <see cref="IsFull"/>
/// says that texts cannot be searched for all of them. Letters of ASCII in lower case.
/// </summary>
sealed class RemovedValues
{
    const int MaxValues = 512;
    const int MaxBytes = 64 * 1024;

    /// <summary>Nobody repeats a longer value in a text; such ones are texts themselves.</summary>
    const int LongestValue = 256;

    /// <summary>The first part of a host name stands for the host, if it is more than a letter or two.</summary>
    const int ShortestLabel = 3;

    readonly byte[] _bytes = new byte[MaxBytes];
    readonly List<Range> _values = [];
    int _used;

    public bool IsFull { get; private set; }

    public int Count => _values.Count;

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_values[index]);

    public void Clear()
    {
        _values.Clear();
        _used = 0;
        IsFull = false;
    }

    /// <param name="isName">Of a node or host: the name without its domain is one too.</param>
    public void Add(ReadOnlySpan<byte> value, bool isName)
    {
        if (value.StartsWith(Redactor.Unverified))
            value = value[Redactor.Unverified.Length..];
        value = value.Trim(" \t\r\n"u8);
        if (value.IsEmpty || value.Length > LongestValue)
            return;

        Add(value);
        if (isName && value.IndexOf((byte)'.') is >= ShortestLabel and var dot && IpCategory.Of(value) == PiiCategories.None)
            Add(value[..dot]);
    }

    void Add(ReadOnlySpan<byte> value)
    {
        if (IsFull || _values.Count == MaxValues || value.Length > MaxBytes - _used)
        {
            IsFull = true;
            return;
        }

        var copy = _bytes.AsSpan(_used, value.Length);
        Fold(value, copy);
        for (var i = 0; i < _values.Count; i++)
        {
            if (this[i].SequenceEqual(copy))
                return;
        }

        _values.Add(_used..(_used + value.Length));
        _used += value.Length;
    }

    /// <summary>Letters of ASCII in lower case, everything else as it is.</summary>
    public static void Fold(ReadOnlySpan<byte> text, Span<byte> folded)
    {
        for (var i = 0; i < text.Length; i++)
            folded[i] = text[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[i] | 0x20) : text[i];
    }
}
