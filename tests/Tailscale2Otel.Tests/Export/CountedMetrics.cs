using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Tests.Export;

/// <summary>Sums of one meter's counters, and counts of its histograms, by "name value value" with the attribute values in order of their keys.</summary>
sealed class CountedMetrics : IDisposable
{
    readonly MeterListener _listener = new();
    readonly ConcurrentDictionary<string, long> _sums = new(StringComparer.Ordinal);

    public CountedMetrics(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        _listener.Start();
    }

    public long this[string name] => _sums.GetValueOrDefault(name);

    public void Dispose() => _listener.Dispose();

    void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var values = tags.ToArray().OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $" {t.Value}");
        _sums.AddOrUpdate(instrument.Name + string.Concat(values), value, (_, old) => old + value);
    }
}
