using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>What <see cref="HecEventReader"/> found in a body: places, no copies. In pooled memory; the caller disposes it.</summary>
sealed class HecRecords : IDisposable
{
    readonly PooledList<HecRecord> _records = new(128);
    readonly PooledList<HecEnvelope> _envelopes = new(128);

    public ReadOnlySpan<HecRecord> Items => _records.Items;

    public ReadOnlySpan<HecEnvelope> Envelopes => _envelopes.Items;

    public int Count => _records.Count;

    public int Connections { get; set; }

    public void Add(HecRecord record) => _records.Add(record);

    public int AddEnvelope(int parent)
    {
        _envelopes.Add(new HecEnvelope { Parent = parent });
        return _envelopes.Count - 1;
    }

    public ref HecEnvelope Envelope(int index) => ref _envelopes[index];

    /// <summary>Forgets what was found behind these counts.</summary>
    public void Truncate(int records, int envelopes)
    {
        _records.Truncate(records);
        _envelopes.Truncate(envelopes);
    }

    public int CountOf(RecordSignal signal)
    {
        var count = 0;
        foreach (ref readonly var record in _records.Items)
            count += record.Signal == signal ? 1 : 0;
        return count;
    }

    public void Dispose()
    {
        _records.Dispose();
        _envelopes.Dispose();
    }
}
