namespace Tailscale2Otel.Spool.Inspection;

/// <summary>
/// Collects damage for who looks at a spool. Each place is listed once, however often it is come upon, and a segment that
/// retention deleted meanwhile is not damage.
/// </summary>
/// <param name="lowestCursor">Asks where the lowest cursor is by now: the running daemon deletes only what is before it.</param>
sealed class DamageList(Func<long> lowestCursor) : SpoolDamage
{
    /// <summary>Enough to see how bad it is; what follows is counted.</summary>
    public const int Most = 10_000;

    readonly List<DamagedRange> _ranges = [];

    public IReadOnlyList<DamagedRange> Ranges => _ranges;

    /// <summary>Places that are not listed, because there are so many.</summary>
    public long Unlisted { get; private set; }

    public bool IsEmpty => _ranges.Count == 0;

    /// <summary>Bytes that retention deleted before they could be read.</summary>
    public long SweptBytes { get; private set; }

    public bool Has(string reason) => _ranges.Exists(r => r.Reason == reason);

    public override void Report(string reason, string segment, long from, long to, SpoolFile? file, long offset)
    {
        if (_ranges.Exists(r => r.Contains(reason, from, to)))
            return;
        if (reason == Missing && file is null && to <= lowestCursor())
            SweptBytes += to - from;
        else
            Add(new DamagedRange(reason, segment, from, to, ""));
    }

    public override void ReportCursors(string what) => Add(new DamagedRange(Cursors, CursorFile.Name, 0, 0, what));

    /// <summary>Acknowledged records that are not in the directory, whatever the cursors say.</summary>
    public void AddMissing(string segment, long from, long to, string text) => Add(new DamagedRange(Missing, segment, from, to, text));

    void Add(DamagedRange range)
    {
        if (_ranges.Count < Most)
            _ranges.Add(range);
        else
            Unlisted++;
    }
}
