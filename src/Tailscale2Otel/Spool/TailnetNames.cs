using System.Text;

namespace Tailscale2Otel.Spool;

/// <summary>One string per tailnet name, however many frames carry it. One thread's.</summary>
sealed class TailnetNames
{
    /// <summary>More than anybody configures; what comes after is decoded each time.</summary>
    const int Most = 256;

    readonly List<(byte[] Utf8, string Text)> _known = [];
    int _last;

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        if (_last < _known.Count && utf8.SequenceEqual(_known[_last].Utf8))
            return _known[_last].Text;

        for (var i = 0; i < _known.Count; i++)
        {
            if (!utf8.SequenceEqual(_known[i].Utf8))
                continue;

            _last = i;
            return _known[i].Text;
        }

        var text = Encoding.UTF8.GetString(utf8);
        if (_known.Count < Most)
            _known.Add((utf8.ToArray(), text));
        return text;
    }
}
