using System.Diagnostics.Metrics;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>How often a daemon in this process tried to export, also where nobody listened.</summary>
sealed class ExportAttempts : IDisposable
{
    readonly MeterListener _listener = new();
    int _logs;
    int _metrics;

    public ExportAttempts()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == ProductInfo.Name && instrument.Name == "tailscale2otel.export.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            if (tags.Contains(new KeyValuePair<string, object?>("signal", "logs")))
                Interlocked.Increment(ref _logs);
            else
                Interlocked.Increment(ref _metrics);
        });
        _listener.Start();
    }

    public int Logs => Volatile.Read(ref _logs);

    public int Metrics => Volatile.Read(ref _metrics);

    public void Dispose() => _listener.Dispose();
}
