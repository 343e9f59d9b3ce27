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
    readonly List<DestinationSets> _sets = [];
    readonly DestinationSets _others = new();
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

    /// <summary>Whether the connection says to whom a source talked.</summary>
    public static bool Counts(in FlowConnection connection) => connection.Type != TrafficType.Physical && !connection.SourceNode.IsEmpty;

    /// <param name="destination">Empty when it has no name, or is known to be in the sets.</param>
    /// <param name="port">0: none.</param>
    public static void Add(DestinationSets sets, ReadOnlySpan<byte> destination, int port)
    {
        if (!destination.IsEmpty)
            sets.Peers.Add(CounterKey.Hash(destination));
        if (port is > 0 and <= ushort.MaxValue)
            sets.Ports.Add((ushort)port);
    }

    /// <summary>The sets of a source until the next freeze; null when its name must not leave.</summary>
    public DestinationSets? SetsOf(ReadOnlySpan<byte> source)
    {
        if (_redactor is not null && _redactor.Decide(SourceAttribute, source) != Verdict.Keep)
            return null;

        var key = new CounterKey(_scratch);
        key.Add(source);
        var row = _sources.FindOrAdd(key.Bytes);
        if (row == CounterTable.None)
            return _others;

        if (row == _sets.Count)
            _sets.Add(new DestinationSets());
        return _sets[row];
    }

    public void Freeze()
    {
        var frozen = new List<Source>(_sources.Count + 1);
        for (var i = 0; i < _sources.Count; i++)
        {
            var key = _sources.Key(i);
            frozen.Add(Take(Encoding.UTF8.GetString(CounterKey.Next(ref key)), _sets[i]));
        }

        if (_others.Peers.Count + _others.Ports.Count > 0)
            frozen.Add(Take(Encoding.UTF8.GetString(FlowMetricNames.Folded), _others));
        _sources.Clear();
        _frozen = [.. frozen];
    }

    static Source Take(string name, DestinationSets sets)
    {
        var source = new Source([new(SourceAttribute, name)], sets.Peers.Count, sets.Ports.Count);
        sets.Peers.Clear();
        sets.Ports.Clear();
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
