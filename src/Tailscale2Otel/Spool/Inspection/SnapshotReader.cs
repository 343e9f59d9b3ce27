using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.Inspection;

/// <summary>Reads a snapshot to its end: where the daemon would wait for a file that cannot be opened, this passes it as unreadable.</summary>
sealed class SnapshotReader(Func<long, SpoolReader> open, SegmentTable table, DamageList damage, long from) : SpoolReader
{
    SpoolReader _reader = open(from);

    public override SpoolPosition Position => _reader.Position;

    public override bool IsBlocked => false;

    public override bool TryRead(out RawRecord record)
    {
        while (!_reader.TryRead(out record))
        {
            var position = _reader.Position.Value;
            if (table.Find(position).At is not { } blocked)
                return false;

            damage.Report(SpoolDamage.Unreadable, blocked.Name, Math.Max(position, blocked.Start), blocked.End, null, 0);
            _reader.Dispose();
            _reader = open(blocked.End);
        }

        return true;
    }

    /// <summary>Nothing comes after the end of a snapshot.</summary>
    public override ValueTask WaitAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public override void Dispose() => _reader.Dispose();
}
