using System.Diagnostics.Metrics;
using System.Text;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// To how many nodes and ports each source talked since the last freeze. A source that said nothing has no series. Physical
/// traffic is left out: its ports and addresses are those of the tunnel. Bounded: 2,000 sources and one more that stands for
/// all others, or less where the series are, each with at most 6 KiB for nodes and 8 KiB for ports, so 28 MiB at the very worst.
/// </summary>
sealed class UniqueDestinationsMetric
{
    public const int MaxSources = 2_000;

    const string SourceAttribute = "tailscale.src.node";

    readonly CounterTable _sources;
    readonly List<DistinctCount> _peers = [];
    readonly List<PortSet> _ports = [];
    readonly DistinctCount _otherPeers = new();
    readonly PortSet _otherPorts = new();
    readonly Redactor? _redactor;
    readonly byte[] _scratch = new byte[CounterKey.SizeFor(1)];
    volatile Source[] _frozen = [];

    /// <param name="seriesLimit">Series of one instrument at most.</param>
    /// <param name="redactor">A source whose name must not leave has no series.</param>
    public UniqueDestinationsMetric(TailnetMeter meter, int seriesLimit = CardinalityOptions.UnlimitedSeries, Redactor? redactor = null)
    {
        _redactor = redactor?.OrNull();
        _sources = new CounterTable(0, Math.Clamp(seriesLimit - 1, 1, MaxSources));
        meter.CreateObservableGauge("tailscale.network.unique.dst_peers", () => Observe(s => s.Peers), "{peer}", "Distinct destination nodes per source since the last export");
        meter.CreateObservableGauge("tailscale.network.unique.dst_ports", () => Observe(s => s.Ports), "{port}", "Distinct destination ports per source since the last export");
    }

    public void Add(in FlowConnection connection)
    {
        if (connection.Type == TrafficType.Physical || connection.SourceNode.IsEmpty)
            return;

        if (_redactor is not null && _redactor.Decide(SourceAttribute, connection.SourceNode) != Verdict.Keep)
            return;

        var (peers, ports) = SetsOf(connection.SourceNode);
        if (!connection.DestinationNode.IsEmpty)
            peers.Add(CounterKey.Hash(connection.DestinationNode));
        if (connection.DestinationPort is > 0 and <= ushort.MaxValue)
            ports.Add((ushort)connection.DestinationPort);
    }

    public void Freeze()
    {
        var frozen = new List<Source>(_sources.Count + 1);
        for (var i = 0; i < _sources.Count; i++)
        {
            var key = _sources.Key(i);
            frozen.Add(Take(Encoding.UTF8.GetString(CounterKey.Next(ref key)), _peers[i], _ports[i]));
        }

        if (_otherPeers.Count + _otherPorts.Count > 0)
            frozen.Add(Take(Encoding.UTF8.GetString(FlowMetricNames.Folded), _otherPeers, _otherPorts));
        _sources.Clear();
        _frozen = [.. frozen];
    }

    (DistinctCount Peers, PortSet Ports) SetsOf(ReadOnlySpan<byte> source)
    {
        var key = new CounterKey(_scratch);
        key.Add(source);
        var row = _sources.FindOrAdd(key.Bytes);
        if (row == CounterTable.None)
            return (_otherPeers, _otherPorts);

        if (row == _peers.Count)
        {
            _peers.Add(new DistinctCount());
            _ports.Add(new PortSet());
        }

        return (_peers[row], _ports[row]);
    }

    static Source Take(string name, DistinctCount peers, PortSet ports)
    {
        var source = new Source([new(SourceAttribute, name)], peers.Count, ports.Count);
        peers.Clear();
        ports.Clear();
        return source;
    }

    List<Measurement<long>> Observe(Func<Source, int> value)
    {
        var result = new List<Measurement<long>>();
        foreach (var source in _frozen)
        {
            if (value(source) > 0)
                result.Add(new(value(source), source.Tags));
        }

        return result;
    }

    readonly record struct Source(KeyValuePair<string, object?>[] Tags, int Peers, int Ports);
}
