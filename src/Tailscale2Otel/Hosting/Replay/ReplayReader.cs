using Tailscale2Otel.Cli;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Replay;

/// <summary>The records of a range that are meant, in order.</summary>
sealed class ReplayReader : IDisposable
{
    readonly SpoolSnapshot _snapshot;
    readonly ReplayRange _range;
    readonly ReplayFilter _filter;
    readonly ReplayCounts _counts;
    readonly ProgressLine _progress;
    readonly SpoolReader _reader;
    readonly long _all;
    readonly long _behind;

    public ReplayReader(SpoolSnapshot snapshot, ReplayRange range, ReplayFilter filter, ReplayCounts counts, ProgressLine progress)
    {
        _snapshot = snapshot;
        _range = range;
        _filter = filter;
        _counts = counts;
        _progress = progress;
        _reader = snapshot.Read(range.From);
        _behind = snapshot.BytesFrom(range.To.Value);
        _all = snapshot.BytesFrom(range.From.Value) - _behind;
    }

    /// <summary>All of the range was read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The next record that is meant; false at the end and when stopped. Also shows the progress.</summary>
    public bool TryRead(CancellationToken stop, out RawRecord record)
    {
        record = default;
        while (!stop.IsCancellationRequested)
        {
            // Behind damage the next record may be beyond the range.
            if (_reader.Position >= _range.To || !_reader.TryRead(out record) || record.Position >= _range.To)
            {
                IsAtEnd = true;
                break;
            }

            _counts.Read++;
            var isMeant = _filter.Matches(record);
            if (isMeant)
                _counts.Matched++;
            Show();
            if (isMeant)
                return true;
        }

        return false;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _progress.End();
    }

    void Show()
    {
        // The clock is looked at now and then.
        if (_counts.Read % 256 != 0)
            return;

        var done = _all - (_snapshot.BytesFrom(_reader.Position.Value) - _behind);
        _progress.Report(
            (double)done / _all,
            () => $"{SizeText.Rounded(done)} of {SizeText.Rounded(_all)}, {SizeText.Exact(_counts.Matched)} of {SizeText.Exact(_counts.Read)} records match, {SizeText.Exact(_counts[Redelivery.RedeliveryOutcome.Sent])} sent");
    }
}
