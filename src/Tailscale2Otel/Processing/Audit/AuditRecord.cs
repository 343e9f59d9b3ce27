namespace Tailscale2Otel.Processing.Audit;

/// <summary>
/// One configuration audit record as <see cref="AuditDecoder"/> read it. Texts are unescaped UTF-8 and empty when absent; times
/// are Unix nanoseconds and 0 when absent or never set. Spans live as long as the payload and the decoder's buffer.
/// </summary>
ref struct AuditRecord
{
    public long EventTime { get; set; }

    public long Logged { get; set; }

    public long DeferredAt { get; set; }

    public ReadOnlySpan<byte> Type { get; set; }

    public ReadOnlySpan<byte> EventGroupId { get; set; }

    public ReadOnlySpan<byte> Origin { get; set; }

    public ReadOnlySpan<byte> Action { get; set; }

    public ReadOnlySpan<byte> ActorId { get; set; }

    public ReadOnlySpan<byte> ActorType { get; set; }

    public ReadOnlySpan<byte> ActorLogin { get; set; }

    public ReadOnlySpan<byte> ActorName { get; set; }

    /// <summary>JSON as received: an array of strings, or a string.</summary>
    public ReadOnlySpan<byte> ActorTags { get; set; }

    public ReadOnlySpan<byte> TargetId { get; set; }

    public ReadOnlySpan<byte> TargetName { get; set; }

    public ReadOnlySpan<byte> TargetType { get; set; }

    public ReadOnlySpan<byte> TargetProperty { get; set; }

    /// <summary>Null when absent or not a boolean.</summary>
    public bool? TargetIsEphemeral { get; set; }

    /// <summary>JSON as received; empty when absent or null.</summary>
    public ReadOnlySpan<byte> Old { get; set; }

    public ReadOnlySpan<byte> New { get; set; }

    public ReadOnlySpan<byte> Details { get; set; }

    public ReadOnlySpan<byte> Error { get; set; }
}
