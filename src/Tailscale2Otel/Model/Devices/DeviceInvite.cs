namespace Tailscale2Otel.Model.Devices;

/// <summary>One invitation to share a device (<c>GET /device/{deviceId}/device-invites</c>). Its URL, which is a credential, is left behind.</summary>
sealed record DeviceInvite
{
    public required string Id { get; init; }

    public DateTimeOffset? Created { get; init; }

    public bool MultiUse { get; init; }

    public bool AllowExitNode { get; init; }

    public bool Accepted { get; init; }

    public DateTimeOffset? LastEmailSentAt { get; init; }

    /// <summary>To whom it was sent; empty when by link.</summary>
    public string Email { get; init; } = "";

    /// <summary>Login name of who accepted it.</summary>
    public string AcceptedBy { get; init; } = "";
}
