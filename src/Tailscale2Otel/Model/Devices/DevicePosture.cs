namespace Tailscale2Otel.Model.Devices;

/// <summary>What is known of one device's posture (<c>GET /device/{deviceId}/attributes</c>).</summary>
sealed record DevicePosture(IReadOnlyList<PostureAttribute> Attributes);
