namespace Tailscale2Otel.Tests.Support;

/// <summary>What senders posted and what of it was acknowledged, by sequence number. For any thread.</summary>
sealed class SentRecords
{
    readonly Lock _gate = new();
    readonly HashSet<int> _posted = [];
    readonly HashSet<int> _acknowledged = [];

    public IReadOnlyCollection<int> Acknowledged
    {
        get
        {
            lock (_gate)
                return [.. _acknowledged];
        }
    }

    public int AcknowledgedCount
    {
        get
        {
            lock (_gate)
                return _acknowledged.Count;
        }
    }

    /// <summary>Before the request goes out: from then on the records may arrive.</summary>
    public void Post(IEnumerable<int> sequences)
    {
        lock (_gate)
            _posted.UnionWith(sequences);
    }

    /// <summary>From then on they must.</summary>
    public void Acknowledge(IEnumerable<int> sequences)
    {
        lock (_gate)
            _acknowledged.UnionWith(sequences);
    }

    public bool WasPosted(int sequence)
    {
        lock (_gate)
            return _posted.Contains(sequence);
    }
}
