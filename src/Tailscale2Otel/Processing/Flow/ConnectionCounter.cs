namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Counts the connections of one record in <see cref="FlowMetrics"/>. What neighbours have in common is looked up once: the same
/// text at the same place is the same text for as long as the record is being mapped. Not kept longer than that.
/// </summary>
ref struct ConnectionCounter(FlowMetrics metrics)
{
    readonly FlowMetrics _metrics = metrics;
    ReadOnlySpan<byte> _source;
    ReadOnlySpan<byte> _destination;
    DestinationSets? _sets;

    public void Add(scoped in FlowConnection connection)
    {
        _metrics.Add(connection, _metrics.Find(connection));
        CountDestination(connection);
    }

    void CountDestination(scoped in FlowConnection connection)
    {
        if (_metrics.Unique is not { } unique || !UniqueDestinationsMetric.Counts(connection))
            return;

        var isSame = _sets is not null && connection.SourceNode == _source;
        if (!isSame)
        {
            _source = connection.SourceNode;
            _sets = unique.SetsOf(connection.SourceNode);
        }

        if (_sets is null)
            return;
        UniqueDestinationsMetric.Add(_sets, isSame && connection.DestinationNode == _destination ? default : connection.DestinationNode, connection.DestinationPort);
        _destination = connection.DestinationNode;
    }
}
