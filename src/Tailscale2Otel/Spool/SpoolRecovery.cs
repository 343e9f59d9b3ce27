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

    ulong _salt;
    long _highest;
    long _newestFound = CursorState.NoSegment;

    /// <exception cref="IOException">The directory cannot be read.</exception>
    public RecoveredSpool Run(CursorState? saved, bool hadCursorFile)
    {
        if (saved is { } s && s.Highest > SegmentListing.MaxPosition)
            saved = null;
        var found = new SegmentListing(context.Directory, damage, context.Log).Find(saved?.Salt);
        _highest = Math.Max(found.Highest, saved is { } known ? Math.Max(known.Highest, known.Newest) : 0);
        _salt = found.Salt;
        _newestFound = found.Newest;
        foreach (var (name, start) in found.Empty)
            RemoveEmpty(name, start);
        foreach (var name in found.Unacknowledged)
            Log.Unacknowledged(context.Log, name);
        foreach (var headless in found.Headless)
            Mend(headless);

        var segments = found.Segments;
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

    /// <summary>Writes the header again where the first frame shows that it was this one.</summary>
    void Mend(Segment segment)
    {
        try
        {
            using var scanner = new FrameScanner();
            scanner.Open(context.Directory.OpenRead(segment.Name), segment);
            if (!scanner.TryHeader(segment.Start, segment.End, out _))
                return;

            using var file = context.Directory.OpenWrite(segment.Name);
            Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
            new SegmentHeader(segment.Start, segment.PreviousEnd, segment.Salt).Write(bytes);
            file.Write(0, bytes);
            file.Flush();
        }
        catch (IOException)
        {
            // It is read as it is, and will be reported again.
        }
    }

    /// <summary>Ends the last segment behind the last append that is whole. True when something had to go.</summary>
    bool CutTail(List<Segment> segments)
    {
        if (segments is not [.., var last])
            return false;

        using var scanner = new FrameScanner();
        using var file = TryOpen(last);
        if (file is null)
            return true;

        scanner.Open(context.Directory.OpenRead(last.Name), last);
        var physicalEnd = last.End;
        var (whole, _, isUnreadable) = SegmentTail.Read(scanner, last.Start, physicalEnd);

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

    void RemoveEmpty(string name, long start)
    {
        damage.Report(SpoolDamage.EmptySegment, name, start, start, null, 0);
        context.Directory.Delete(name);
    }

    static partial class Log
    {
        // Not deleted: it may also be a file that was taken away and brought back.
        [LoggerMessage(LogLevel.Warning, "{Name} is left alone and not read: when the next segment began, nothing in it was acknowledged. A disk that failed leaves such a file; delete it unless you know better")]
        public static partial void Unacknowledged(ILogger log, string name);

        [LoggerMessage(LogLevel.Information, "The spool was not closed in order; its records end at position {End}")]
        public static partial void Unclean(ILogger log, long end);

        [LoggerMessage(LogLevel.Error, "The last segment {Name} cannot be opened and is left as it is: {Error}")]
        public static partial void NotOpened(ILogger log, string name, string error);
    }
}
