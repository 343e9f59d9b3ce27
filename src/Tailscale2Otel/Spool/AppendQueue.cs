namespace Tailscale2Otel.Spool;

/// <summary>Where appends wait for the writer, bounded in bytes.</summary>
sealed class AppendQueue
{
    /// <summary>
    /// Far more than one flush takes; who waits behind so much has a disk that does not keep up, and is told to come again.
    /// </summary>
    const long MaxBytes = 64 * 1024 * 1024;

    readonly object _gate = new();
    List<PendingAppend> _waiting = [];
    long _bytes;
    WriterWork _work;
    bool _closed;

    public bool IsClosed
    {
        get
        {
            lock (_gate)
                return _closed;
        }
    }

    /// <summary>A batch larger than the bound is taken alone.</summary>
    public AppendOutcome TryAdd(SpoolAppend batch, out PendingAppend? pending)
    {
        pending = null;
        lock (_gate)
        {
            if (_closed)
                return AppendOutcome.Unavailable;
            if (_bytes > 0 && _bytes + batch.Bytes > MaxBytes)
                return AppendOutcome.Full;

            pending = new PendingAppend(batch);
            _bytes += pending.Bytes;
            _waiting.Add(pending);
            Monitor.Pulse(_gate);
            return AppendOutcome.Durable;
        }
    }

    public void Request(WriterWork work)
    {
        lock (_gate)
        {
            _work |= work;
            Monitor.Pulse(_gate);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for something to do and exchanges the waiting appends for an empty list; false when closed and drained.</summary>
    public bool Take(ref List<PendingAppend> empty, out WriterWork work)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && _work == WriterWork.None && !_closed)
                Monitor.Wait(_gate);

            (empty, _waiting) = (_waiting, empty);
            _bytes = 0;
            work = _work;
            _work = WriterWork.None;
            return empty.Count > 0 || work != WriterWork.None || !_closed;
        }
    }
}
