using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>How far a log has been fetched.</summary>
/// <param name="Time">Everything logged before was asked for, and what the API had is in the spool.</param>
/// <param name="Settled">Everything logged before was asked for late enough to be final; not after <paramref name="Time"/>.</param>
readonly record struct PollCursor(DateTimeOffset Time, DateTimeOffset Settled)
{
    public const int Version = 1;

    const int LargestPayload = 4096;

    /// <summary>No log is older than Tailscale; what says so is damaged.</summary>
    static readonly DateTimeOffset Earliest = new(2019, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The payload of a cursor frame.</summary>
    public byte[] Write(string collector)
    {
        var buffer = new ArrayBufferWriter<byte>(160);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("collector", collector);
            WriteTimes(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public void WriteTimes(Utf8JsonWriter json)
    {
        json.WriteString("cursor", Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("settled", Settled.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
    }

    /// <summary>False for what this program did not write. Does not throw.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out string collector, out PollCursor cursor)
    {
        (collector, cursor) = ("", default);
        if (payload.Length is 0 or > LargestPayload)
            return false;

        try
        {
            using var json = JsonDocument.Parse(payload.ToArray(), new JsonDocumentOptions { MaxDepth = 4 });
            collector = json.RootElement.GetProperty("collector").GetString() ?? "";
            return collector.Length > 0 && json.RootElement.GetProperty("version").GetInt32() == Version && TryReadTimes(json.RootElement, out cursor);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <exception cref="KeyNotFoundException">A member is missing; others of its kind when one is no text.</exception>
    public static bool TryReadTimes(JsonElement element, out PollCursor cursor)
    {
        var isRead = TryTime(element.GetProperty("cursor").GetString(), out var time) & TryTime(element.GetProperty("settled").GetString(), out var settled);
        cursor = new PollCursor(time, settled);
        return isRead && time >= Earliest && settled >= Earliest && settled <= time;
    }

    static bool TryTime(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
