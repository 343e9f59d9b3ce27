using Tailscale2Otel.Export;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Takes what can be neither mapped nor delivered to the dead-letter file, and does not let go before it is written: the cursor
/// must not pass a record that is in no place.
/// </summary>
sealed class DeadLetterOffice(ISpool spool, DeadLetters letters, TimeProvider time)
{
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    OwedLetter? _owed;

    /// <summary>The grinder's last dead letter is not written yet; nothing more may be ground.</summary>
    public bool IsOwing => _owed is not null;

    /// <summary>For the grinder's thread.</summary>
    public void Take(in RawRecord record, string reason)
    {
        if (!letters.TryWrite(record, reason))
            _owed = new OwedLetter(record.Position, reason, null, null);
    }

    /// <summary>For the grinder's thread: ends when nothing is owed.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        if (_owed is not { } owed)
            return;

        await Task.Delay(RetryDelay, time, stop);
        await WriteAsync(owed, stop);
        _owed = null;
    }

    /// <summary>A log record that the backend does not want: its record is read again from the spool. Any thread.</summary>
    public async ValueTask RefusedAsync(PendingBatch batch, RefusedRecord refused, CancellationToken stop)
    {
        if (batch.Refuse(refused.Position))
            await WriteAsync(new OwedLetter(refused.Position, "refused_by_backend", refused.Status, refused.Message), stop);
    }

    /// <summary>Before the cursor moves: what was written so far survives a loss of power.</summary>
    public async ValueTask FlushAsync(CancellationToken stop)
    {
        while (!letters.TryFlush())
            await Task.Delay(RetryDelay, time, stop);
    }

    async Task WriteAsync(OwedLetter owed, CancellationToken stop)
    {
        while (true)
        {
            using var reader = spool.Read(owed.Position);
            // The same one while it is blocked: it knows how long the disk has been waited for.
            do
            {
                if (TryWrite(reader, owed))
                    return;
                await Task.Delay(RetryDelay, time, stop);
            }
            while (reader.IsBlocked);
        }
    }

    /// <summary>A record that the reader has passed is damaged, and was counted and copied aside as such.</summary>
    bool TryWrite(SpoolReader reader, OwedLetter owed)
    {
        if (!reader.TryRead(out var record))
            return !reader.IsBlocked || reader.Position != owed.Position;
        return record.Position != owed.Position || letters.TryWrite(record, owed.Reason, owed.Status, owed.Message);
    }
}
