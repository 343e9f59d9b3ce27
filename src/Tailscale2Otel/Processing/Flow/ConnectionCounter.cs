namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Counts the connections of one record in <see cref="FlowMetrics"/>. Neighbours mostly have ends, service and transport in
/// common, and then what they count in is looked up once: the same text at the same place is the same text for as long as
/// the record is being mapped. Not kept longer than that.
/// </summary>
ref struct ConnectionCounter(FlowMetrics metrics)
{
    readonly FlowMetrics _metrics = metrics;

    /// <summary>TCP and UDP take turns: each has its own neighbour.</summary>
    Neighbour _datagram;
    Neighbour _stream;
    ReadOnlySpan<byte> _source;
    ReadOnlySpan<byte> _destination;
    DestinationSets? _sets;

    public void Add(scoped in FlowConnection connection)
    {
        if (connection.Transport is [(byte)'u', ..])
            Count(connection, ref _datagram);
        else
            Count(connection, ref _stream);
        CountDestination(connection);
    }

    readonly void Count(scoped in FlowConnection connection, ref Neighbour neighbour)
    {
        if (!neighbour.IsLike(connection))
            neighbour = new Neighbour(connection, _metrics.Find(connection));
        _metrics.Add(connection, neighbour.Series);
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

    /// <summary>What a connection has in it of the keys of its series, and where those are.</summary>
    readonly ref struct Neighbour(scoped in FlowConnection connection, FlowSeries series)
    {
        readonly TrafficType _type = connection.Type;
        readonly ReadOnlySpan<byte> _transport = connection.Transport;
        readonly ReadOnlySpan<byte> _service = connection.Service;
        readonly ReadOnlySpan<byte> _path = connection.Path;
        readonly ReadOnlySpan<byte> _sourceNode = connection.SourceNode;
        readonly ReadOnlySpan<byte> _sourceUser = connection.SourceUser;
        readonly ReadOnlySpan<byte> _sourceTags = connection.SourceTags;
        readonly ReadOnlySpan<byte> _sourceOs = connection.SourceOs;
        readonly ReadOnlySpan<byte> _destinationNode = connection.DestinationNode;
        readonly ReadOnlySpan<byte> _destinationUser = connection.DestinationUser;
        readonly ReadOnlySpan<byte> _destinationTags = connection.DestinationTags;
        readonly ReadOnlySpan<byte> _destinationOs = connection.DestinationOs;

        readonly bool _hasRegion = !connection.DerpRegion.IsEmpty;

        public FlowSeries Series { get; } = series;

        /// <summary>By place, not by content. The digits of a DERP region are written over each other, so they are like nothing.</summary>
        public bool IsLike(scoped in FlowConnection other) =>
            !_transport.IsEmpty && !_hasRegion && other.DerpRegion.IsEmpty
            && other.Type == _type && other.Transport == _transport && other.Service == _service && other.Path == _path
            && other.SourceNode == _sourceNode && other.SourceUser == _sourceUser && other.SourceTags == _sourceTags && other.SourceOs == _sourceOs
            && other.DestinationNode == _destinationNode && other.DestinationUser == _destinationUser && other.DestinationTags == _destinationTags && other.DestinationOs == _destinationOs;
    }
}
