using System.Text.Json;

namespace Tailscale2Otel.Processing.Webhook;

/// <summary>What the receiver wrote beside an event.</summary>
static class WebhookMetadata
{
    /// <summary>When the delivery was signed, in Unix nanoseconds; 0 when it is not said. Does not throw.</summary>
    public static long SignedAt(ReadOnlySpan<byte> metadata)
    {
        try
        {
            var reader = new Utf8JsonReader(metadata);
            while (!metadata.IsEmpty && reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.IsNamed("t"u8))
                    return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var seconds) && seconds is > 0 and < long.MaxValue / EventTime.NanosecondsPerSecond
                        ? seconds * EventTime.NanosecondsPerSecond
                        : 0;
            }
        }
        catch (JsonException)
        {
            // The receiver writes nothing but sound JSON: this is another program's spool.
        }

        return 0;
    }
}
