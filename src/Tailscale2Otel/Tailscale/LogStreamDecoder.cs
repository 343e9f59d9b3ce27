using System.Text.Json;

namespace Tailscale2Otel.Tailscale;

/// <summary>Log streams and settings, as the API sends and takes them.</summary>
static class LogStreamDecoder
{
    /// <summary>Null when it is no destination, which every one says the type of.</summary>
    public static LogStreamSink? Sink(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && LenientJson.Text(root, "destinationType").Length > 0
            ? new LogStreamSink(LenientJson.Text(root, "destinationType"), LenientJson.Text(root, "url"), LenientJson.Text(root, "user"),
                CompressionFormat: LenientJson.Text(root, "compressionFormat"))
            : null;

    public static byte[] Write(LogStreamSink sink)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("destinationType", sink.DestinationType);
            json.WriteString("url", sink.Url);
            json.WriteString("user", sink.User);
            if (sink.CompressionFormat.Length > 0)
                json.WriteString("compressionFormat", sink.CompressionFormat);
            if (sink.Token is { IsEmpty: false } token)
                json.WriteString("token", token.Reveal());
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    public static LogStreamStatus? Status(JsonElement root) => root.ValueKind != JsonValueKind.Object ? null : new LogStreamStatus
    {
        LastActivity = LenientJson.Time(root, "lastActivity"),
        LastError = LenientJson.Text(root, "lastError"),
        BytesSent = LenientJson.Count(root, "numBytesSent"),
        EntriesSent = LenientJson.Count(root, "numEntriesSent"),
        SpoofedEntries = LenientJson.Count(root, "numSpoofedEntries"),
        Requests = LenientJson.Count(root, "numTotalRequests"),
        FailedRequests = LenientJson.Count(root, "numFailedRequests"),
        MaxBodyRequests = LenientJson.Count(root, "numMaxBodyRequests"),
    };

    public static TailnetFeatures? Features(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object ? new TailnetFeatures(LenientJson.Flag(root, "networkFlowLoggingOn")) : null;
}
