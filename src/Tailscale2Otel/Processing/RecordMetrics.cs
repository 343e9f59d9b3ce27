using System.Diagnostics.Metrics;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Processing;

/// <summary>
/// How many records of which kind were accepted by which path, and how late they were (docs/signals.md). Counts are
/// kept here and read at collection; only the two histograms cost an instrument call for each record.
/// </summary>
sealed class RecordMetrics : IFrozenMetrics
{
    const double NanosecondsPerSecond = EventTime.NanosecondsPerSecond;

    static readonly double[] AgeBuckets = [0, 1, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400];

    readonly Row[,] _rows;
    readonly CounterFamily _undecodable;
    readonly Histogram<double> _age;
    readonly Histogram<double> _captureDelay;

    public RecordMetrics(TailnetMeter meter)
    {
        var sources = Enum.GetValues<RecordSource>();
        var signals = Enum.GetValues<RecordSignal>();
        _rows = new Row[sources.Length, signals.Length];
        foreach (var source in sources)
        {
            foreach (var signal in signals)
                _rows[(int)source, (int)signal] = new Row(RecordNames.TextOf(source), RecordNames.TextOf(signal), meter);
        }

        _undecodable = new CounterFamily(meter, "tailscale.stream.decode_errors", "{record}", "Flow and audit records that failed typed decoding", ["type"]);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = AgeBuckets };
        _age = meter.CreateHistogram("tailscale2otel.ingest.event.age", "s", "Event time to local acceptance", advice);
        _captureDelay = meter.CreateHistogram("tailscale2otel.ingest.capture.delay", "s", "Event time to upstream capture time", advice);
        meter.CreateObservableCounter("tailscale2otel.ingest.records", () => Observe(r => r.FrozenRecords), "{record}", "Records accepted per path and signal");
        meter.CreateObservableCounter("tailscale2otel.ingest.timestamp_skew", () => Observe(r => r.FrozenSkewed), "{event}", "Accepted events whose timestamps are inverted");
        meter.CreateObservableGauge("tailscale2otel.ingest.last_event_timestamp", ObserveNewest, "s", "Newest accepted event time");
    }

    /// <summary>One accepted record. An age or delay below zero is a clock's fault: it is counted as skew instead.</summary>
    public void Accept(in RawRecord record, in ProcessResult result)
    {
        // A spool written by a later version may name a path that this one does not know.
        var source = (int)record.Source < _rows.GetLength(0) ? record.Source : RecordSource.Unknown;
        var row = _rows[(int)source, (int)record.Signal];
        row.Records++;
        if (result.EventTime == 0)
            return;

        var age = record.ReceivedAt - result.EventTime;
        var delay = result.CaptureTime == 0 ? 0 : result.CaptureTime - result.EventTime;
        if (age >= 0)
            _age.Record(age / NanosecondsPerSecond, row.Tags);
        if (result.CaptureTime != 0 && delay >= 0)
            _captureDelay.Record(delay / NanosecondsPerSecond, row.Tags);
        if (age < 0 || delay < 0)
            row.Skewed++;
        if (result.EventTime > row.Newest)
            Interlocked.Exchange(ref row.Newest, result.EventTime);
    }

    /// <summary>A record from the stream that its shape called a flow or audit record, and that could not be decoded.</summary>
    public void Undecodable(in RawRecord record)
    {
        if (record.Source == RecordSource.Stream && record.Signal is RecordSignal.Flow or RecordSignal.Audit)
            _undecodable.Add(1, record.Signal == RecordSignal.Flow ? "flow"u8 : "audit"u8);
    }

    public void Freeze()
    {
        _undecodable.Freeze();
        foreach (var row in _rows)
            (row.FrozenRecords, row.FrozenSkewed) = (row.Records, row.Skewed);
    }

    IEnumerable<Measurement<long>> Observe(Func<Row, long> value)
    {
        foreach (var row in _rows)
        {
            if (row.FrozenRecords > 0)
                yield return new Measurement<long>(value(row), row.Source, row.Signal);
        }
    }

    IEnumerable<Measurement<double>> ObserveNewest()
    {
        foreach (var row in _rows)
        {
            var newest = Interlocked.Read(ref row.Newest);
            if (newest > 0)
                yield return new Measurement<double>(newest / NanosecondsPerSecond, row.Source, row.Signal);
        }
    }

    sealed class Row(string source, string signal, TailnetMeter meter)
    {
        public readonly KeyValuePair<string, object?> Source = new("source", source);
        public readonly KeyValuePair<string, object?> Signal = new("signal", signal);

        /// <summary>Of points that are recorded.</summary>
        public readonly KeyValuePair<string, object?>[] Tags = [.. meter.Tags(new("source", source), new("signal", signal))];

        public long Records;
        public long Skewed;
        public long FrozenRecords;
        public long FrozenSkewed;
        public long Newest;
    }
}
