using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Tests.Support;

/// <summary>What the instruments of one meter, and of those within it, said, in order; attributes as <c>key=value</c>, sorted and joined by blanks.</summary>
sealed class CollectedMeasurements : IDisposable
{
    readonly MeterListener _listener = new();
    readonly List<(string Name, double Value, string Attributes)> _measurements = [];

    public CollectedMeasurements(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter || instrument.Meter.Scope == meter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What came since the last call, and what the observable instruments say now.</summary>
    public IReadOnlyList<(string Name, double Value, string Attributes)> Observe()
    {
        _listener.RecordObservableInstruments();
        var all = _measurements.ToArray();
        _measurements.Clear();
        return all;
    }

    public void Dispose() => _listener.Dispose();

    void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Add((instrument.Name, value, string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal))));
}
