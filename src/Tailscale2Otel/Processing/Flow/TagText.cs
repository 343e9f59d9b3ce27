namespace Tailscale2Otel.Processing.Flow;

/// <summary>A node's tags as one attribute value: sorted, unique, joined by commas.</summary>
static class TagText
{
    public static TextSlice Join(Span<TextSlice> tags, ReadOnlySpan<byte> payload, FlowRecord record)
    {
        if (tags.Length < 2)
            return tags.Length == 0 ? default : tags[0];

        var text = record.Text(payload);
        Sort(tags, text);

        var length = tags.Length;
        foreach (var tag in tags)
            length += tag.Length;

        // Reserving may move the scratch; the text taken before it goes on reading the old one.
        var joined = record.Reserve(length);
        var written = 0;
        for (var i = 0; i < tags.Length; i++)
        {
            if (i > 0 && text[tags[i]].SequenceEqual(text[tags[i - 1]]))
                continue;
            if (i > 0)
                joined[written++] = (byte)',';
            text[tags[i]].CopyTo(joined[written..]);
            written += tags[i].Length;
        }

        return record.Commit(written);
    }

    /// <summary>Insertion, since nodes send them sorted.</summary>
    static void Sort(Span<TextSlice> tags, FlowText text)
    {
        for (var i = 1; i < tags.Length; i++)
        {
            var tag = tags[i];
            var at = i;
            for (; at > 0 && text[tags[at - 1]].SequenceCompareTo(text[tag]) > 0; at--)
                tags[at] = tags[at - 1];
            tags[at] = tag;
        }
    }
}
