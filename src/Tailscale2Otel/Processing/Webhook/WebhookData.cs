namespace Tailscale2Otel.Processing.Webhook;

/// <summary>What the daemon reads of an event's <c>data</c>; texts as in <see cref="WebhookEvent"/>.</summary>
ref struct WebhookData
{
    public ReadOnlySpan<byte> NodeId { get; set; }

    public ReadOnlySpan<byte> DeviceName { get; set; }

    public ReadOnlySpan<byte> ManagedBy { get; set; }

    public ReadOnlySpan<byte> Actor { get; set; }

    public ReadOnlySpan<byte> Url { get; set; }

    public ReadOnlySpan<byte> Expiration { get; set; }

    public ReadOnlySpan<byte> User { get; set; }

    /// <summary>Joined with commas.</summary>
    public ReadOnlySpan<byte> OldRoles { get; set; }

    public ReadOnlySpan<byte> NewRoles { get; set; }

    /// <summary>Only to recognise the change; never part of a log record.</summary>
    public ReadOnlySpan<byte> OldPolicy { get; set; }

    public ReadOnlySpan<byte> NewPolicy { get; set; }

    /// <summary><c>data</c> is something else than an object, or a member that is read something else than documented; it is left out.</summary>
    public int Ignored { get; set; }
}
