using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.Inspection;

/// <summary>
/// A spool directory as it was at one moment, for who only looks: nothing in it is changed, no lock is taken, and the daemon may
/// go on appending and deleting. What it deletes is passed while reading and is no damage.
/// </summary>
sealed class SpoolSnapshot
{
    /// <summary>Far more than the last frame of a segment usually takes.</summary>
    const long MostForLastRecord = 1024 * 1024;

    readonly SpoolContext _context;
    readonly SegmentTable _table;

    public SpoolSnapshot(SpoolDirectory directory, IReadOnlyList<Segment> segments, long end, TimeProvider time)
    {
        // Nobody counts what is only looked at.
        using var meter = new Meter("unobserved");
        _context = new SpoolContext(directory, new SpoolLimits(new SpoolOptions()), new SpoolMetrics(meter), time, NullLogger.Instance);
        _table = new SegmentTable(segments, end);
        TakenAt = time.GetUtcNow();
    }

    public string Directory => _context.Directory.Path;

    public DateTimeOffset TakenAt { get; }

    public SpoolUse Use { get; init; }

    /// <summary>The process that holds the directory's lock; null when none is seen.</summary>
    public int? Process { get; init; }

    /// <summary>Null when there are none that can be read.</summary>
    public CursorState? Cursors { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Segment> Segments => _table.Snapshot;

    public IReadOnlyList<SpoolGap> Gaps { get; init; } = [];

    public required DamageList Damage { get; init; }

    /// <summary>
    /// Bytes behind the last whole append: one that is being written now, or that a kill cut short. Nobody was told that they
    /// are kept, so that they are no damage.
    /// </summary>
    public DamagedRange? Tail { get; init; }

    public long Oldest => _table.Oldest;

    public long End => _table.End;

    public long BytesOnDisk => _table.BytesOnDisk;

    /// <summary>Bytes of frames at or after a position.</summary>
    public long BytesFrom(long position) => _table.BytesFrom(position);

    /// <summary>The segment of the first frame at or after a position.</summary>
    public Segment? Find(long position) => _table.Find(position).At;

    /// <summary>Frames from a position to the end; damage on the way goes to <see cref="Damage"/>.</summary>
    public SpoolReader Read(SpoolPosition from) =>
        new SnapshotReader(Open, _table, Damage, from.Value);

    /// <summary>Reads the ends of a segment, a few blocks of it.</summary>
    public SegmentTimes TimesOf(Segment segment)
    {
        if (segment.Bytes == 0)
            return default;

        try
        {
            using var scanner = new FrameScanner();
            scanner.Open(_context.Directory.OpenRead(segment.Name), segment);
            var last = SegmentTail.Find(scanner, segment.Start, segment.End, MostForLastRecord).LastReceivedAt;
            return new SegmentTimes(ReceivedAt(segment.Start), last);
        }
        catch (IOException)
        {
            return default;
        }
    }

    /// <summary>When the first record at or after a position was received, in Unix nanoseconds; null when there is none or damage hides it.</summary>
    public long? ReceivedAt(long position)
    {
        if (Find(position) is not { } segment)
            return null;

        try
        {
            using var scanner = new FrameScanner(FrameHeader.Size);
            scanner.Open(_context.Directory.OpenRead(segment.Name), segment);
            return scanner.TryHeader(Math.Max(position, segment.Start), segment.End, out var header) ? header.ReceivedAt : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Files of a folder beside the segments.</summary>
    /// <exception cref="IOException">It cannot be listed.</exception>
    public IReadOnlyList<SpoolEntry> FilesIn(string folder, string suffix) => _context.Directory.List(folder, suffix);

    DiskSpoolReader Open(long from) => new(_table, _context, Damage, new SpoolPosition(from)) { PassesUnreadable = true };
}
