using Tailscale2Otel.Export;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Takes what can be neither mapped nor delivered to the dead-letter file, and does not let go before it is written: the cursor
/// must not pass a record that is in no place.
/// </summary>
sealed class DeadLetterOffice(ISpool spool, DeadLetterFile file, TimeProvider time)
{
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    readonly List<DeadLetter> _pending = [];

    public bool HasPending => _pending.Count > 0;

    /// <summary>Copies the record. For the grinder's thread.</summary>
    public void Add(in RawRecord record, string reason) => _pending.Add(DeadLetter.Copy(record, reason, 0, ""));

    /// <summary>Writes what <see cref="Add"/> took. For the grinder's thread.</summary>
    public async Task WriteAsync(CancellationToken stop)
    {
        foreach (var letter in _pending)
            await WriteAsync(letter, stop);
        _pending.Clear();
    }

    /// <summary>A log record that the backend does not want; its record is read again from the spool.</summary>
    public async ValueTask RefusedAsync(PendingBatch batch, RefusedRecord refused, CancellationToken stop)
    {
        if (!batch.Refuse(refused.Position))
            return;

        using var reader = spool.Read(refused.Position);
        if (Find(reader, refused) is { } letter)
            await WriteAsync(letter, stop);
    }

    static DeadLetter? Find(SpoolReader reader, RefusedRecord refused) =>
        reader.TryRead(out var record) && record.Position == refused.Position
            ? DeadLetter.Copy(record, "refused_by_backend", refused.Status, refused.Message)
            : null;

    async Task WriteAsync(DeadLetter letter, CancellationToken stop)
    {
        while (!file.TryWrite(letter))
            await Task.Delay(RetryDelay, time, stop);
    }
}
