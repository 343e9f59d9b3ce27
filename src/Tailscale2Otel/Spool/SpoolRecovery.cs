using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tailscale2Otel.Spool;

/// <summary>
/// Opens what the last run left. Only the last segment is read through; of the others the header and the length. Nothing
/// found here stops the daemon.
/// </summary>
sealed partial class SpoolRecovery(SpoolContext context, SpoolDamage damage)
{
    /// <summary>
    /// Left out of the positions after an unclean stop. With <c>sync: never</c> a loss of power can take back more than the
    /// files show, and positions that cursors or content keys name must not come again with other content. 2^40 bytes are
    /// more than any page cache holds, and leave room for eight million such stops.
    /// </summary>
    public const long Gap = 1L << 40;

    const long MaxPosition = long.MaxValue / 2;

    ulong _salt;
    long _highest;
    long _newestFound = CursorState.NoSegment;

    /// <exception cref="IOException">The directory cannot be read.</exception>
    public RecoveredSpool Run(CursorState? saved, bool hadCursorFile)
    {
        if (saved is { } s && s.Highest > MaxPosition)
            saved = null;
        _highest = saved is { } known ? Math.Max(known.Highest, known.Newest) : 0;
        _salt = saved?.Salt ?? NewSalt();

        var segments = FindSegments(saved is not null);
        // Closed in order means no torn tail: what is broken there was acknowledged, and the reader passes it alone.
        var isClosed = saved is { } closed && segments is [.., var final] && final.End == closed.CleanEnd;
        var isClean = isClosed || !CutTail(segments);
        var table = new SegmentTable(segments, segments is [.., var last] ? last.End : _highest);
        isClean &= saved is { } state ? state.CleanEnd == table.End : segments.Count == 0 && !hadCursorFile;
        if (!isClean)
            Log.Unclean(context.Log, table.End);

        var cursors = Check(saved, hadCursorFile, table);
        var active = isClean && segments is [.., var open] ? open : null;
        var next = isClean ? table.End : ((Math.Max(_highest, table.End) / Gap) + 1) * Gap;
        return new RecoveredSpool(table, active, next, cursors, _salt);
    }

    List<Segment> FindSegments(bool hasSalt)
    {
        List<(long Start, SpoolEntry Entry, SegmentHeader? Header, bool IsUnreadable)> found = [];
        foreach (var entry in context.Directory.List("", SegmentHeader.Suffix))
        {
            if (SegmentHeader.TryParseName(entry.Name, out var start) && start <= MaxPosition)
                found.Add((start, entry, ReadHeader(entry, start, out var isUnreadable), isUnreadable));
            else
                Log.ForeignFile(context.Log, entry.Name);
        }

        found.Sort((a, b) => a.Start.CompareTo(b.Start));
        if (!hasSalt && found.Find(f => f.Header is not null).Header is { } sound)
            _salt = sound.Salt;

        List<Segment> segments = [];
        foreach (var (start, entry, header, isUnreadable) in found)
        {
            _newestFound = start;
            if (entry.Length < SegmentHeader.Size)
            {
                RemoveEmpty(entry, start);
                continue;
            }

            if (header is null)
                damage.Report(isUnreadable ? SpoolDamage.Unreadable : SpoolDamage.SegmentHeaderLost, entry.Name, start, start, null, 0);

            var previousEnd = segments is [.., var before] ? Math.Min(before.End, start) : start;
            var end = start + entry.Length - SegmentHeader.Size;
            _highest = Math.Max(_highest, end);
            if (segments is [.., var shorter])
                shorter.End = Math.Min(shorter.End, header?.PreviousEnd ?? start);
            var known = header ?? new SegmentHeader(start, previousEnd, _salt);
            segments.Add(new Segment(known, end, entry.LastWrite.ToUnixTimeMilliseconds()));
            if (header is null && !isUnreadable)
                Mend(segments[^1], known);
        }

        return segments;
    }

    /// <summary>Writes the header again where the first frame shows that it was this one.</summary>
    void Mend(Segment segment, SegmentHeader header)
    {
        try
        {
            using var scanner = new FrameScanner();
            scanner.Open(context.Directory.OpenRead(segment.Name), segment);
            if (!scanner.TryHeader(segment.Start, segment.End, out _))
                return;

            using var file = context.Directory.OpenWrite(segment.Name);
            Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
            header.Write(bytes);
            file.Write(0, bytes);
            file.Flush();
        }
        catch (IOException)
        {
            // It is read as it is, and will be reported again.
        }
    }

    SegmentHeader? ReadHeader(SpoolEntry entry, long start, out bool isUnreadable)
    {
        isUnreadable = false;
        try
        {
            using var file = context.Directory.OpenRead(entry.Name);
            Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
            return SegmentHeader.TryParse(bytes[..file.Read(0, bytes)], out var header) && header.Start == start && header.PreviousEnd <= start ? header : null;
        }
        catch (IOException)
        {
            isUnreadable = true;
            return null;
        }
    }

    /// <summary>
    /// Ends the last segment behind the last append that is whole. True when something had to go. Sound frames behind damage
    /// stay: only what follows the last of them is a torn tail.
    /// </summary>
    bool CutTail(List<Segment> segments)
    {
        if (segments is not [.., var last])
            return false;

        using var scanner = new FrameScanner();
        using var file = TryOpen(last);
        if (file is null)
            return true;

        scanner.Open(context.Directory.OpenRead(last.Name), last);
        var (physicalEnd, whole, isUnreadable) = (last.End, last.Start, false);
        for (var position = last.Start; position < physicalEnd;)
        {
            if (!scanner.TryFrame(position, physicalEnd, out var header, out _))
            {
                isUnreadable |= scanner.IsUnreadable;
                position = scanner.FindFrame(position + 1, physicalEnd);
                isUnreadable |= scanner.IsUnreadable;
                continue;
            }

            position += header.Length;
            if (!header.Continues)
                whole = position;
        }

        // What the disk does not give today it may give tomorrow: the reader passes it, nothing is cut.
        if (isUnreadable)
            return true;

        if (whole < physicalEnd)
        {
            damage.Report(SpoolDamage.TornTail, last.Name, whole, physicalEnd, file, last.OffsetOf(whole));
            file.Truncate(last.OffsetOf(whole));
            last.End = whole;
        }

        if (context.Limits.FlushesBeforeAnswer)
            file.Flush();
        if (last.Bytes == 0)
        {
            segments.RemoveAt(segments.Count - 1);
            context.Directory.Delete(last.Name);
        }

        return whole < physicalEnd;
    }

    /// <summary>A last segment that nobody may open now is left as it is; the reader waits for it, and new records go to the next.</summary>
    SpoolFile? TryOpen(Segment last)
    {
        try
        {
            return context.Directory.OpenWrite(last.Name);
        }
        catch (IOException e)
        {
            Log.NotOpened(context.Log, last.Name, e.Message);
            return null;
        }
    }

    CursorState Check(CursorState? saved, bool hadCursorFile, SegmentTable table)
    {
        if (saved is not { } state)
        {
            if (hadCursorFile || table.Snapshot.Length > 0)
                damage.ReportCursors($"the file is {(hadCursorFile ? "damaged" : "missing")}; everything since position {table.Oldest} is delivered again");
            return new CursorState(table.Oldest, table.Oldest, table.Oldest, _salt, CursorState.Open, table.Last?.Start ?? CursorState.NoSegment);
        }

        if (state.Highest > table.End)
            damage.ReportCursors($"position {state.Highest} is beyond the end of the spool; moved back to {table.End}");
        else if (table.Snapshot is [var first, ..] && state.Lowest < first.PreviousEnd)
            damage.Report(SpoolDamage.Missing, first.Name, state.Lowest, first.PreviousEnd, null, 0);
        // One that every cursor had passed may have gone in order.
        if (state.Newest > _newestFound && state.Newest >= state.Lowest)
            damage.Report(SpoolDamage.Missing, SegmentHeader.NameOf(state.Newest), state.Newest, Math.Max(state.Newest, state.Highest), null, 0);

        return state with
        {
            Delivered = Math.Min(state.Delivered, table.End),
            Counted = Math.Min(state.Counted, table.End),
            Keyed = Math.Min(state.Keyed, table.End),
            CleanEnd = CursorState.Open,
            Newest = table.Last?.Start ?? CursorState.NoSegment,
        };
    }

    void RemoveEmpty(SpoolEntry entry, long start)
    {
        damage.Report(SpoolDamage.EmptySegment, entry.Name, start, start, null, 0);
        _highest = Math.Max(_highest, start);
        context.Directory.Delete(entry.Name);
    }

    static ulong NewSalt()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The spool was not closed in order; its records end at position {End}")]
        public static partial void Unclean(ILogger log, long end);

        [LoggerMessage(LogLevel.Error, "The last segment {Name} cannot be opened and is left as it is: {Error}")]
        public static partial void NotOpened(ILogger log, string name, string error);

        [LoggerMessage(LogLevel.Warning, "{Name} in the spool directory is not a segment of this spool and is left alone")]
        public static partial void ForeignFile(ILogger log, string name);
    }
}
