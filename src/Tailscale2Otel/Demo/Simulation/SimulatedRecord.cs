using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Demo.Simulation;

/// <summary>One record of a log, writable in each form and any number of times: the same event, whichever way it goes.</summary>
/// <param name="Recorded">Unix nanoseconds: when Tailscale stored it.</param>
abstract record SimulatedRecord(LogType Type, long Recorded)
{
    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Appends one HEC object.</summary>
    public void WriteStream(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Relaxed);
        json.WriteStartObject();
        // Unix seconds with a fraction of milliseconds.
        json.WriteNumber("time", new decimal(Recorded / 1_000_000) / 1000m);
        json.WritePropertyName("event");
        WriteEvent(json, RecordForm.Stream);
        json.WriteStartObject("fields");
        json.WriteString("recorded", GoTime.Format(Recorded));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Appends one element of the API's <c>logs</c>.</summary>
    public void WriteApi(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Relaxed);
        WriteEvent(json, RecordForm.Api);
    }

    protected abstract void WriteEvent(Utf8JsonWriter json, RecordForm form);
}
