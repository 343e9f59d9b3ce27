using System.Diagnostics.Metrics;
using System.Text;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// The flow metric families. Called by the one thread that grinds; <see cref="Freeze"/> is called under the grinder's lock and
/// fixes what the observable instruments report until the next one.
/// </summary>
sealed class FlowMetrics : IFrozenMetrics
{
    readonly FlowMetricKey _keys;
    readonly FlowTrafficMetric? _raw;
    readonly FlowRollup? _rollup;
    readonly FlowTrafficMetric? _exitNodes;
    readonly FieldObservationsMetric _fields;
    readonly FlowCountMetric _flows;
    readonly SeriesMemo _memo = new();
    ReporterRow _reporter;
    readonly CounterFamily _reporters;
    readonly CounterFamily _dataQuality;
    readonly CounterFamily _conflicts;
    readonly CounterFamily _logsDropped;
    readonly byte[] _exitKey = new byte[CounterKey.SizeFor(1)];

    public FlowMetrics(Meter meter, FlowDimensions dimensions, CardinalityOptions cardinality, Redactor? redactor = null)
        : this(meter, dimensions, cardinality.ToSeriesLimit(), redactor)
    {
    }

    /// <param name="limit">Series of one instrument at most, of this tailnet.</param>
    /// <param name="redactor">What names of nodes and people may be attributes; null: all.</param>
    public FlowMetrics(TailnetMeter meter, FlowDimensions dimensions, int limit, Redactor? redactor = null)
    {
        _keys = new FlowMetricKey(dimensions);
        if (dimensions.MetricsMode != MetricsMode.Rollup)
            _raw = new FlowTrafficMetric(meter, "tailscale.network", "", FlowMetricKey.RawAttributes, limit, redactor);
        if (dimensions.MetricsMode != MetricsMode.All)
        {
            var totals = new FlowTrafficMetric(meter, "tailscale.network", ".rollup", FlowMetricKey.RollupAttributes, limit, redactor);
            _rollup = new FlowRollup(_keys, totals, dimensions.RollupTopN);
        }

        if (dimensions.ExitNodeAttribution)
            _exitNodes = new FlowTrafficMetric(meter, "tailscale.exit_node", "", ["tailscale.exit_node"], limit, redactor);
        if (dimensions.NodeDims)
            Unique = new UniqueDestinationsMetric(meter, limit, redactor);

        _fields = new FieldObservationsMetric(meter);
        _flows = new FlowCountMetric(meter);
        _reporters = new CounterFamily(meter, "tailscale.network.reporter.observations", "{observation}", "Trust and self-consistency of reporting nodes", ["trust", "consistency"]);
        _dataQuality = new CounterFamily(meter, "tailscale.network.data_quality", "{violation}", "Flow records rejected by semantic validation", ["source", "reason"]);
        _conflicts = new CounterFamily(meter, "tailscale.network.dedup.conflicts", "{conflict}", "Flow records of one node and window that differ in their rows", ["scope", "tailscale.traffic_type"]);
        _logsDropped = new CounterFamily(meter, "tailscale.network.flow.logs_dropped", "{record}", "Flow log records suppressed by the per-window cap", []);
    }

    /// <summary>Null when nodes are no dimension.</summary>
    public UniqueDestinationsMetric? Unique { get; }

    /// <summary>Counts one connection in every family that the configuration asks for. Those of one record have <see cref="ConnectionCounter"/>.</summary>
    public void Add(in FlowConnection connection) => new ConnectionCounter(this).Add(connection);

    /// <summary>Where a connection is counted; the same for all that agree in what is in <see cref="FlowMetricKey.RollupAttributes"/>.</summary>
    public FlowSeries Find(in FlowConnection connection)
    {
        if (_memo.TryGet(connection.Likeness, out var series))
            return series;

        series = new FlowSeries(_flows.Row(connection), _rollup is null ? default : _rollup.Row(_keys.Rollup(connection)));
        if (connection.Likeness.IsKnown)
            _memo.Put(connection.Likeness, series);
        return series;
    }

    /// <summary>Counts in all families but <see cref="Unique"/>.</summary>
    public void Add(in FlowConnection connection, FlowSeries series)
    {
        _flows.Add(series.Flows);
        _fields.Add(connection);
        _rollup?.Add(series.Rollup, connection);
        if (_raw is not null)
            _raw.Add(_raw.Row(_keys.Raw(connection)), connection);
        if (_exitNodes is not null && connection.Type == TrafficType.Exit)
            AddExit(_exitNodes, connection);
    }

    /// <summary>Once per accepted record. See signals.md, <c>tailscale.network.reporter.observations</c>.</summary>
    public void Reporter(string trust, string consistency)
    {
        // One record after the other says the same of its reporter.
        if (trust != _reporter.Trust || consistency != _reporter.Consistency)
        {
            var row = RowOf(_reporters, FlowMetricNames.Closed(FlowMetricNames.Trusts, trust), FlowMetricNames.Closed(FlowMetricNames.Consistencies, consistency));
            _reporter = new ReporterRow(trust, consistency, row);
        }

        _reporters.Add(_reporter.Row, 0, 1);
    }

    /// <summary>A record that cannot be true. See signals.md, <c>tailscale.network.data_quality</c>.</summary>
    public void DataQuality(RecordSource source, string reason) => Count(
        _dataQuality,
        source is RecordSource.Poll or RecordSource.Stream or RecordSource.ObjectStore ? RecordNames.TextOf(source) : FlowMetricNames.Other,
        FlowMetricNames.Closed(FlowMetricNames.DataQualityReasons, reason));

    /// <summary>Same node and window, other rows. See signals.md, <c>tailscale.network.dedup.conflicts</c>.</summary>
    public void Conflict(string scope, TrafficType type) =>
        Count(_conflicts, FlowMetricNames.Closed(FlowMetricNames.Scopes, scope), Encoding.UTF8.GetString(TrafficTypes.NameOf(type)));

    /// <summary>Log records suppressed by the cap. See signals.md, <c>tailscale.network.flow.logs_dropped</c>.</summary>
    public void LogsDropped(int count) => _logsDropped.Add((ulong)Math.Max(count, 0));

    public void Freeze()
    {
        _memo.Clear();
        _raw?.Freeze();
        _rollup?.Freeze();
        _exitNodes?.Freeze();
        Unique?.Freeze();
        _fields.Freeze();
        _flows.Freeze();
        _reporters.Freeze();
        _dataQuality.Freeze();
        _conflicts.Freeze();
        _logsDropped.Freeze();
    }

    void AddExit(FlowTrafficMetric exitNodes, in FlowConnection connection)
    {
        var key = new CounterKey(_exitKey);
        key.Add(connection.Reporter.IsEmpty ? "unknown"u8 : connection.Reporter);
        exitNodes.Add(exitNodes.Row(key.Bytes), connection);
    }

    static void Count(CounterFamily family, string first, string second) => family.Add(RowOf(family, first, second), 0, 1);

    /// <param name="first">Texts of our own, which are short.</param>
    static int RowOf(CounterFamily family, string first, string second)
    {
        Span<byte> text = stackalloc byte[64];
        var key = new CounterKey(stackalloc byte[128]);
        key.Add(text[..Encoding.UTF8.GetBytes(first, text)]);
        key.Add(text[..Encoding.UTF8.GetBytes(second, text)]);
        return family.Row(key.Bytes);
    }

    readonly record struct ReporterRow(string? Trust, string? Consistency, int Row);
}
