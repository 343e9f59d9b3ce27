using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Tests.Support;

/// <summary>A meter whose counts a test can read: <c>name{key=value}</c>.</summary>
sealed class CollectingMeter : IDisposable
{
    readonly MeterListener _listener = new();
    readonly Dictionary<string, double> _sums = [];
    readonly Lock _gate = new();

    public CollectingMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == Meter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public Meter Meter { get; } = new("test");

    /// <summary>The sum of a counter, the last value of an observable gauge; 0 when it was never measured.</summary>
    public double this[string series]
    {
        get
        {
            _listener.RecordObservableInstruments();
            lock (_gate)
                return _sums.GetValueOrDefault(series);
        }
    }

    public IReadOnlyList<string> Series
    {
        get
        {
            lock (_gate)
                return [.. _sums.Keys];
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Meter.Dispose();
    }

    void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = instrument.Name;
        if (tags.Length > 0)
            series += "{" + string.Join(",", tags.ToArray().Select(t => $"{t.Key}={t.Value}")) + "}";
        lock (_gate)
            _sums[series] = instrument.IsObservable ? value : _sums.GetValueOrDefault(series) + value;
    }
}
