using System.Buffers;
using System.Runtime.InteropServices;

namespace Tailscale2Otel.Redaction;

/// <summary>
/// Takes out of a text what is removed: the values that the same record had elsewhere, and what shows by its form what it is
/// (addresses by their range, e-mail addresses, Tailscale's node and user IDs). Time is bounded by the text's length times a
/// constant. Not thread-safe.
/// </summary>
sealed class TextScrubber(Redactor redactor)
{
    /// <summary>RFC 5321 allows 254 bytes; a longer run of such characters is none.</summary>
    const int LongestEmail = 320;

    /// <summary>Bytes to compare for one text, beyond which it is not searched and not shown: a stranger chooses how many values a record has.</summary>
    const long MostWork = 256 * 1024 * 1024;

    const int LongestId = 64;
    const int LongestV6 = 45;

    static readonly SearchValues<byte> V6Characters = SearchValues.Create("0123456789abcdef:."u8);

    readonly List<(int Start, int End)> _cuts = [];
    readonly bool _ips = redactor.IsOff(PiiCategories.Ips);
    readonly bool _emails = redactor.IsOff(PiiCategories.Emails);
    readonly bool _ids = redactor.IsOff(PiiCategories.NodeIds | PiiCategories.UserIds);
    ArrayBufferWriter<byte> _result = new();

    /// <summary>The text itself when there is nothing to take out; else good until the next call.</summary>
    public ReadOnlySpan<byte> Scrub(ReadOnlySpan<byte> text, RemovedValues values)
    {
        if (text.IsEmpty)
            return text;
        if (values.IsFull || (long)values.Count * text.Length > MostWork)
            return Redactor.MarkerUtf8;

        _cuts.Clear();
        var folded = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            RemovedValues.Fold(text, folded);
            Find(folded.AsSpan(0, text.Length), values);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(folded);
        }

        return _cuts.Count == 0 ? text : Cut(text);
    }

    /// <summary>Gives back what an unusual record needed.</summary>
    public void Trim(int capacity)
    {
        if (_result.Capacity > capacity)
            _result = new ArrayBufferWriter<byte>();
    }

    void Find(ReadOnlySpan<byte> folded, RemovedValues values)
    {
        for (var i = 0; i < values.Count; i++)
            FindValue(folded, values[i]);
        if (_ips)
        {
            FindV4(folded);
            FindV6(folded);
        }

        if (_emails)
        {
            FindEmails(folded, "@"u8);
            FindEmails(folded, "%40"u8);
        }

        if (_ids)
            FindIds(folded);
    }

    void FindValue(ReadOnlySpan<byte> text, ReadOnlySpan<byte> value)
    {
        for (var at = 0; text[at..].IndexOf(value) is >= 0 and var found;)
        {
            var start = at + found;
            var end = start + value.Length;
            if (!(IsWord(value[0]) && start > 0 && IsWord(text[start - 1])) && !(IsWord(value[^1]) && end < text.Length && IsWord(text[end])))
                _cuts.Add((start, end));
            at = start + 1;
        }
    }

    void FindV4(ReadOnlySpan<byte> text)
    {
        for (var at = 0; text[at..].IndexOfAnyInRange((byte)'0', (byte)'9') is >= 0 and var found;)
        {
            at += found;
            var length = 0;
            if (IpCategory.TryParseV4(text[at..], out var address, out var end))
            {
                length = end;
                if (redactor.IsOff(IpCategory.OfV4(address)))
                    _cuts.Add((at, at + end));
            }

            // Behind this number, so that no part of it is taken for another one.
            at += Math.Max(length, 1);
            while (at < text.Length && char.IsAsciiDigit((char)text[at]))
                at++;
        }
    }

    void FindV6(ReadOnlySpan<byte> text)
    {
        for (var at = 0; text[at..].IndexOf((byte)':') is >= 0 and var found;)
        {
            var colon = at + found;
            var start = colon;
            while (start > at && V6Characters.Contains(text[start - 1]))
                start--;
            var end = colon;
            while (end < text.Length && V6Characters.Contains(text[end]))
                end++;
            if (end == text.Length || !IsWord(text[end]))
                FindV6InRun(text, start, end);
            at = end;
        }
    }

    /// <summary>A run of the characters may begin with the end of a word and a colon, as in <c>src:fd7a::1</c>.</summary>
    void FindV6InRun(ReadOnlySpan<byte> text, int start, int end)
    {
        while ((start > 0 && IsWord(text[start - 1])) || !TryFindV6(text, start, end))
        {
            var colon = text[start..end].IndexOf((byte)':');
            if (colon < 0)
                return;
            start += colon + 1;
        }
    }

    /// <summary>A whole run of the characters, or without what a sentence or a port adds at its end; true when it is an address.</summary>
    bool TryFindV6(ReadOnlySpan<byte> text, int start, int end)
    {
        for (var tries = 0; tries < 3 && end - start >= 2; tries++)
        {
            var category = end - start <= LongestV6 ? IpCategory.OfV6(text[start..end]) : PiiCategories.None;
            if (category != PiiCategories.None)
            {
                if (redactor.IsOff(category))
                    _cuts.Add((start, end));
                return true;
            }

            end = start + text[start..end].LastIndexOfAny((byte)'.', (byte)':');
        }

        return false;
    }

    void FindEmails(ReadOnlySpan<byte> text, ReadOnlySpan<byte> at)
    {
        for (var from = 0; text[from..].IndexOf(at) is >= 0 and var found;)
        {
            var sign = from + found;
            var start = sign;
            while (start > 0 && sign - start < LongestEmail && IsLocalPart(text[start - 1]))
                start--;
            var end = sign + at.Length;
            while (end < text.Length && end - sign < LongestEmail && IsDomain(text[end]))
                end++;
            if (start < sign && end > sign + at.Length)
                _cuts.Add((start, end));
            from = sign + at.Length;
        }
    }

    /// <summary>Stable IDs look like <c>nWEB1aaCNTRL</c>: n is a node, u a user.</summary>
    void FindIds(ReadOnlySpan<byte> text)
    {
        var ending = "cntrl"u8;
        for (var from = 0; text[from..].IndexOf(ending) is >= 0 and var found;)
        {
            var end = from + found + ending.Length;
            var start = from + found;
            while (start > 0 && end - start < LongestId && char.IsAsciiLetterOrDigit((char)text[start - 1]))
                start--;
            var category = text[start] switch { (byte)'n' => PiiCategories.NodeIds, (byte)'u' => PiiCategories.UserIds, _ => PiiCategories.None };
            if (redactor.IsOff(category) && (end == text.Length || !IsWord(text[end])))
                _cuts.Add((start, end));
            from = end;
        }
    }

    ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text)
    {
        CollectionsMarshal.AsSpan(_cuts).Sort();
        _result.ResetWrittenCount();
        var at = 0;
        foreach (var (start, end) in _cuts)
        {
            if (end <= at)
                continue;

            // What begins within a cut belongs to it, one marker for both.
            if (start >= at)
            {
                _result.Write(text[at..start]);
                _result.Write(Redactor.MarkerUtf8);
            }

            at = end;
        }

        _result.Write(text[at..]);
        return _result.WrittenSpan;
    }

    static bool IsWord(byte b) => char.IsAsciiLetterOrDigit((char)b) || b == '_' || b >= 0x80;

    static bool IsLocalPart(byte b) => IsWord(b) || ".%+-!#$*^~"u8.Contains(b);

    static bool IsDomain(byte b) => IsWord(b) || b is (byte)'.' or (byte)'-';
}
