using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>Finds the segment files of a directory; changes nothing, and may run while a writer is at work.</summary>
sealed partial class SegmentListing(SpoolDirectory directory, SpoolDamage damage, ILogger log)
{
    public const long MaxPosition = long.MaxValue / 2;

    /// <param name="salt">The cursor file's.</param>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public FoundSegments Find(ulong? salt)
    {
        var files = Look();
        var known = salt ?? files.Find(f => f.Header is not null).Header?.Salt ?? RandomWord.Next();

        List<Segment> segments = [];
        List<Segment> headless = [];
        List<(string Name, long Start)> empty = [];
        List<string> unacknowledged = [];
        var highest = 0L;
        foreach (var (start, entry, header, isUnreadable) in files)
        {
            if (entry.Length < SegmentHeader.Size)
            {
                empty.Add((entry.Name, start));
                highest = Math.Max(highest, start);
                continue;
            }

            if (header is null)
                damage.Report(isUnreadable ? SpoolDamage.Unreadable : SpoolDamage.SegmentHeaderLost, entry.Name, start, start, null, 0);

            EndAt(header?.PreviousEnd ?? start, segments, unacknowledged);
            var previousEnd = segments is [.., var before] ? before.End : start;
            var end = start + entry.Length - SegmentHeader.Size;
            highest = Math.Max(highest, end);
            segments.Add(new Segment(header ?? new SegmentHeader(start, previousEnd, known), end, entry.LastWrite.ToUnixTimeMilliseconds()));
            if (header is null && !isUnreadable)
                headless.Add(segments[^1]);
        }

        return new FoundSegments(segments, empty, known, highest)
        {
            Headless = headless,
            Unacknowledged = unacknowledged,
            Newest = files is [.., var newest] ? newest.Start : CursorState.NoSegment,
        };
    }

    /// <summary>
    /// What the next segment's header does not count was not acknowledged: the disk failed and did not even take it back. Behind
    /// a gap that may be the whole file.
    /// </summary>
    static void EndAt(long end, List<Segment> segments, List<string> unacknowledged)
    {
        while (segments is [.., var last])
        {
            last.End = Math.Min(last.End, end);
            if (last.Start < end)
                return;

            segments.RemoveAt(segments.Count - 1);
            unacknowledged.Add(last.Name);
        }
    }

    /// <summary>Newest first, since a file that has a successor grows no more. Oldest first in the result.</summary>
    List<(long Start, SpoolEntry Entry, SegmentHeader? Header, bool IsUnreadable)> Look()
    {
        List<(long Start, SpoolEntry Entry)> names = [];
        foreach (var entry in directory.List("", SegmentHeader.Suffix))
        {
            if (SegmentHeader.TryParseName(entry.Name, out var start) && start <= MaxPosition)
                names.Add((start, entry));
            else
                Log.ForeignFile(log, entry.Name);
        }

        names.Sort((a, b) => b.Start.CompareTo(a.Start));
        List<(long Start, SpoolEntry Entry, SegmentHeader? Header, bool IsUnreadable)> found = [];
        foreach (var (start, entry) in names)
        {
            if (TryLook(entry, start, out var length, out var header, out var isUnreadable))
                found.Add((start, entry with { Length = length }, header, isUnreadable));
        }

        found.Reverse();
        return found;
    }

    /// <summary>False when the file was deleted meanwhile.</summary>
    bool TryLook(SpoolEntry entry, long start, out long length, out SegmentHeader? header, out bool isUnreadable)
    {
        (length, header, isUnreadable) = (entry.Length, null, false);
        try
        {
            using var file = directory.OpenRead(entry.Name);
            length = file.Length;
            Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
            if (SegmentHeader.TryParse(bytes[..file.Read(0, bytes)], out var read) && read.Start == start && read.PreviousEnd <= start)
                header = read;
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            isUnreadable = true;
            return true;
        }
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Name} in the spool directory is not a segment of this spool and is left alone")]
        public static partial void ForeignFile(ILogger log, string name);
    }
}
