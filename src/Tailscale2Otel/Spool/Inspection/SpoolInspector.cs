using Microsoft.Extensions.Logging.Abstractions;

namespace Tailscale2Otel.Spool.Inspection;

/// <summary>Looks at a spool directory: the cursors, the headers and lengths of the segments, and the end of the last one.</summary>
sealed class SpoolInspector
{
    /// <summary>A listing that the daemon's rotation and deletion ran into is taken again; what stays is not their doing.</summary>
    const int Attempts = 3;

    readonly SpoolDirectory _directory;
    readonly TimeProvider _time;

    public SpoolInspector(SpoolDirectory directory, TimeProvider time)
    {
        _directory = new ReadOnlyDirectory(directory);
        _time = time;
    }

    /// <exception cref="SpoolException">There is no spool, or this user may not read it.</exception>
    public static SpoolSnapshot Look(string path, TimeProvider time)
    {
        try
        {
            return new SpoolInspector(DiskSpoolDirectory.Existing(path), time).Take();
        }
        catch (IOException e)
        {
            throw new SpoolException($"The spool directory {path} cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="SpoolException">The directory holds no spool.</exception>
    /// <exception cref="IOException">The directory or the cursors cannot be read.</exception>
    public SpoolSnapshot Take()
    {
        for (var attempt = 1; ; attempt++)
        {
            var snapshot = TakeOnce();
            if (attempt == Attempts || !snapshot.Damage.Has(SpoolDamage.Missing))
                return snapshot;
        }
    }

    SpoolSnapshot TakeOnce()
    {
        var holder = FileLock.HolderOf(Path.Combine(_directory.Path, DiskSpool.LockName));
        // Before the segments: no cursor of these is beyond what is listed afterwards.
        var cursors = ReadCursors(out var hasCursors);
        var damage = new DamageList(LowestCursor);
        var found = new SegmentListing(_directory, damage, NullLogger.Instance).Find(cursors?.Salt);
        var segments = found.Segments;
        if (segments.Count == 0 && found.Empty.Count == 0 && !hasCursors)
            throw new SpoolException($"There is no spool in {_directory.Path}");

        if (cursors is null && (hasCursors || segments.Count > 0))
            damage.ReportCursors($"the file is {(hasCursors ? "damaged" : "missing")}; a daemon that starts delivers everything again");
        ReportEmpty(found, isRunning: holder > 0, damage);
        var acknowledged = cursors is { } c ? Math.Max(c.Highest, c.CleanEnd) : 0;
        var tail = CutTail(segments, acknowledged, damage);
        // After the segments: what was deleted meanwhile was passed by the cursors before.
        var needed = cursors is { } saved ? Math.Max(saved.Lowest, LowestCursor()) : long.MaxValue;
        var gaps = Check(segments, needed, acknowledged, damage);
        return new SpoolSnapshot(_directory, segments, segments is [.., var last] ? last.End : acknowledged, _time)
        {
            Use = holder > 0 ? SpoolUse.Running : cursors is { CleanEnd: not CursorState.Open } ? SpoolUse.Closed : holder is null ? SpoolUse.Unknown : SpoolUse.NotClosed,
            Process = holder > 0 ? holder : null,
            Cursors = cursors,
            Gaps = gaps,
            Damage = damage,
            Tail = tail,
        };
    }

    /// <summary>The daemon may be writing a slot: the other one is sound then, but for the time of two moves between two reads.</summary>
    CursorState? ReadCursors(out bool exists)
    {
        exists = true;
        try
        {
            using var file = _directory.OpenRead(CursorFile.Name);
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (CursorFile.Read(file, out _, out _) is { } state)
                    return state.Highest <= SegmentListing.MaxPosition ? state : null;
            }
        }
        catch (FileNotFoundException)
        {
            exists = false;
        }

        return null;
    }

    /// <summary>Asked in the middle of reading, where an answer that cannot be had means that nothing may be passed as deleted.</summary>
    long LowestCursor()
    {
        try
        {
            return ReadCursors(out _)?.Lowest ?? 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>A running daemon's newest segment has no header for a moment.</summary>
    static void ReportEmpty(FoundSegments found, bool isRunning, DamageList damage)
    {
        foreach (var (name, start) in found.Empty)
        {
            if (!isRunning || (found.Segments is [.., var newest] && start < newest.Start))
                damage.Report(SpoolDamage.EmptySegment, name, start, start, null, 0);
        }
    }

    /// <summary>
    /// Ends the last segment behind the last whole append, or behind what the cursors say was acknowledged. What lies between the
    /// two is damage, what follows is a tail that nobody relies on.
    /// </summary>
    DamagedRange? CutTail(List<Segment> segments, long acknowledged, DamageList damage)
    {
        if (segments is not [.., var last] || last.Bytes == 0)
            return null;

        try
        {
            using var scanner = new FrameScanner();
            scanner.Open(_directory.OpenRead(last.Name), last);
            var physicalEnd = last.End;
            var found = SegmentTail.Find(scanner, last.Start, physicalEnd, long.MaxValue);
            if (found.IsUnreadable)
                return null;

            last.End = Math.Max(found.Whole, Math.Min(acknowledged, physicalEnd));
            if (found.Whole < last.End)
                damage.Report(SpoolDamage.Frame, last.Name, found.Whole, last.End, null, 0);
            return last.End < physicalEnd ? new DamagedRange(SpoolDamage.TornTail, last.Name, last.End, physicalEnd, "") : null;
        }
        catch (IOException)
        {
            // The reader tells when it gets there.
            return null;
        }
    }

    /// <summary>Finds the positions that no file has. Retention deletes from the front, and only what every cursor has passed.</summary>
    static List<SpoolGap> Check(List<Segment> segments, long needed, long acknowledged, DamageList damage)
    {
        List<SpoolGap> gaps = [];
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (i == 0 && needed < segment.PreviousEnd)
                damage.AddMissing(segment.Name, needed, segment.PreviousEnd, "before this segment, and a cursor has not passed it");
            if (i == 0)
                continue;

            var before = segments[i - 1];
            if (before.End < segment.PreviousEnd)
                damage.AddMissing(before.Name, before.End, segment.PreviousEnd, "behind this segment: it was longer, or others followed");
            if (segment.PreviousEnd < segment.Start)
                gaps.Add(new SpoolGap(segment.PreviousEnd, segment.Start));
        }

        var end = segments is [.., var last] ? last.End : needed;
        if (end < acknowledged)
            damage.AddMissing(segments is [.., var newest] ? newest.Name : CursorFile.Name, end, acknowledged, "the cursors have been there");
        return gaps;
    }
}
