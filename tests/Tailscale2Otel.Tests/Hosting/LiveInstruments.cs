using System.Diagnostics.Metrics;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Tests.Hosting;

/// <summary>Observable instruments of every meter that a daemon of this process has left alive.</summary>
sealed class LiveInstruments : IDisposable
{
    readonly MeterListener _listener = new();
    readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public LiveInstruments()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter is { Name: ProductInfo.Name, Version: not null })
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => _names.Add(instrument.Name));
        _listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => _names.Add(instrument.Name));
        _listener.Start();
    }

    public IReadOnlyCollection<string> Observe()
    {
        _listener.RecordObservableInstruments();
        return _names;
    }

    public void Dispose() => _listener.Dispose();
}
