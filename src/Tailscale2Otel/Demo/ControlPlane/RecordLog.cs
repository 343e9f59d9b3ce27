namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>The records of one log in the order of their time, bounded in age and bytes. Thread-safe.</summary>
sealed class RecordLog(TimeSpan retention, long maxBytes, ControlPlaneClock clock)
{
    readonly Lock _gate = new();
    readonly List<LoggedRecord> _records = [];
    readonly List<Func<LogWindow, IEnumerable<ReadOnlyMemory<byte>>>> _sources = [];
    long _bytes;
    int _gone;

    public int Count
    {
        get
        {
            lock (_gate)
                return _records.Count - _gone;
        }
    }

    /// <summary>Records of the same time keep the order in which they were added.</summary>
    public void Add(LoggedRecord record)
    {
        lock (_gate)
        {
            var at = _records.Count;
            while (at > _gone && _records[at - 1].Time > record.Time)
                at--;
            _records.Insert(at, record);
            _bytes += record.Json.Length;
            Forget();
        }
    }

    /// <summary>Asked for more records at each question, behind those that were added; they are made while the answer is sent.</summary>
    public void AddSource(Func<LogWindow, IEnumerable<ReadOnlyMemory<byte>>> source)
    {
        lock (_gate)
            _sources.Add(source);
    }

    /// <summary>What there is to see now, oldest first. A window that begins before the retention is cut without a word.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Select(LogWindow window)
    {
        var now = clock.Nanoseconds;
        window = window with { From = Math.Max(window.From, now - Age) };
        lock (_gate)
        {
            var found = _records.Skip(_gone).Where(r => window.Holds(r.Time) && r.VisibleAt <= now).Select(r => r.Json).ToArray();
            return found.Concat(_sources.ToArray().SelectMany(source => source(window)));
        }
    }

    long Age => retention.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>The front of the list is given back in large pieces, since each time moves what is left.</summary>
    void Forget()
    {
        var oldest = clock.Nanoseconds - Age;
        while (_gone < _records.Count && (_bytes > maxBytes || _records[_gone].Time < oldest))
        {
            _bytes -= _records[_gone].Json.Length;
            _records[_gone++] = default;
        }

        if (_gone <= _records.Count / 2)
            return;
        _records.RemoveRange(0, _gone);
        _gone = 0;
    }
}
