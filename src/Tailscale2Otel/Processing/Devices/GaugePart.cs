namespace Tailscale2Otel.Processing.Devices;

/// <summary>What a tailnet's gauges are made from; each part is replaced on its own.</summary>
enum GaugePart
{
    List,
    Posture,
    Invites,
}
