using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Tests.Support;

/// <summary>What the instruments of one meter report: observable ones when asked, the others as they record.</summary>
sealed class MeterReadings : IDisposable
{
    readonly MeterListener _listener = new();
    readonly List<Reading> _recorded = [];
    List<Reading> _observed = [];

    public MeterReadings()
    {
        Meter = new Meter("tailscale2otel.tests");
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, Meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public Meter Meter { get; }

    /// <summary>What histograms recorded since the beginning.</summary>
    public IReadOnlyList<double> Recorded(string name) => [.. _recorded.Where(r => r.Name == name).Select(r => r.Value)];

    /// <summary>Series of one observable instrument, by their attributes as <c>key=value,key=value</c> in the order of the keys.</summary>
    public SortedDictionary<string, long> Observe(string name)
    {
        _observed = [];
        _listener.RecordObservableInstruments();
        var series = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var reading in _observed.Where(r => r.Name == name))
            series.Add(reading.Series, reading.Whole);
        return series;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Meter.Dispose();
    }

    void Add<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = string.Join(',', tags.ToArray().OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value}"));
        var reading = new Reading(instrument.Name, series, Convert.ToDouble(value), value is long whole ? whole : 0);
        (instrument.IsObservable ? _observed : _recorded).Add(reading);
    }

    sealed record Reading(string Name, string Series, double Value, long Whole);
}
