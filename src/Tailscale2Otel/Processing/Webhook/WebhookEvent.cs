namespace Tailscale2Otel.Processing.Webhook;

/// <summary>
/// One event as <see cref="WebhookDecoder"/> read it. Texts are unescaped UTF-8 and empty when absent or of another type. Spans
/// live as long as the payload and the decoder's buffer.
/// </summary>
ref struct WebhookEvent
{
    /// <summary>Unix nanoseconds; 0 when there is none that can be read.</summary>
    public long Time { get; set; }

    /// <summary>As it is written, for an event whose time cannot be read.</summary>
    public ReadOnlySpan<byte> TimeText { get; set; }

    /// <summary>Of the event's form; only version 1 is documented.</summary>
    public bool IsVersion1 { get; set; }

    public ReadOnlySpan<byte> Type { get; set; }

    public ReadOnlySpan<byte> Tailnet { get; set; }

    public ReadOnlySpan<byte> Message { get; set; }

    /// <summary>JSON as received; empty when absent or null.</summary>
    public ReadOnlySpan<byte> Data { get; set; }
}
