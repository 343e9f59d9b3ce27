using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Hosting.Tailnets;

/// <summary>
/// The parts of all tailnets as one: a record goes to those of its own tailnet, positions are those of all windows together. A
/// tailnet that the configuration does not name any more gets parts when a record of it is read, so that a backlog outlives its
/// configuration. One thread's, or under one lock.
/// </summary>
/// <param name="configured">In the order of the configuration.</param>
/// <param name="open">Makes the parts of another one.</param>
sealed class TailnetSet(IReadOnlyList<TailnetParts> configured, Func<string, TailnetParts> open) : IRecordProcessor, IFrozenMetrics
{
    readonly Dictionary<string, TailnetParts> _byName = configured.ToDictionary(t => t.Name, StringComparer.Ordinal);
    readonly List<TailnetParts> _all = [.. configured];
    TailnetParts? _others;
    TailnetParts _last = configured[0];

    public IReadOnlyList<TailnetParts> Configured => configured;

    public ProcessResult Process(in RawRecord record, LogWriter logs, RecordPass pass) =>
        record.Signal == RecordSignal.Cursor ? ProcessResult.Mapped : Of(record.Tailnet).Dispatcher.Process(record, logs, pass);

    public void Freeze()
    {
        foreach (var tailnet in _all)
            tailnet.Dispatcher.Freeze();
    }

    /// <summary>Counts a record that was suppressed.</summary>
    public void Hit(in RawRecord record, in ProcessResult result) => Of(record.Tailnet).Windows.Hit(record.Signal, result);

    /// <summary>See <see cref="DeduplicationWindows.KeyedUpTo"/>.</summary>
    public SpoolPosition KeyedUpTo(SpoolPosition ground) => Lowest(w => w.KeyedUpTo(ground));

    /// <summary>See <see cref="DeduplicationWindows.LearnFrom"/>.</summary>
    public SpoolPosition LearnFrom(SpoolPosition keyed) => Lowest(w => w.LearnFrom(keyed));

    /// <summary>See <see cref="DeduplicationWindow.Seal"/>.</summary>
    public void Seal()
    {
        foreach (var tailnet in _all)
            tailnet.Windows.Seal();
    }

    /// <summary>See <see cref="DeduplicationWindow.SealIfDue"/>.</summary>
    /// <param name="now">Unix nanoseconds.</param>
    public void SealIfDue(long now)
    {
        foreach (var tailnet in _all)
            tailnet.Windows.SealIfDue(now);
    }

    /// <summary>Records of one tailnet come in runs.</summary>
    TailnetParts Of(string name)
    {
        if (name != _last.Name)
            _last = _byName.TryGetValue(name, out var known) ? known : Stray(name);
        return _last;
    }

    /// <summary>The spool holds names that were configured once; the bound is for a spool that somebody else wrote.</summary>
    TailnetParts Stray(string name)
    {
        if (_all.Count < configured.Count + SeriesShares.StraySets - 1)
        {
            var parts = open(name);
            _byName.Add(name, parts);
            _all.Add(parts);
            return parts;
        }

        if (_others is null)
            _all.Add(_others = open(Encoding.UTF8.GetString(FlowMetricNames.Folded)));
        return _others;
    }

    SpoolPosition Lowest(Func<DeduplicationWindows, SpoolPosition> position) => new(_all.Min(t => position(t.Windows).Value));
}
