namespace Tailscale2Otel.Processing.Webhook;

/// <summary>The members of <c>data</c> that may leave; texts of the policy are not among them.</summary>
[Flags]
enum WebhookFields
{
    None = 0,
    NodeId = 1,
    DeviceName = 2,
    ManagedBy = 4,
    Actor = 8,
    Url = 16,
    Expiration = 32,
    User = 64,
    Roles = 128,

    Node = NodeId | DeviceName | ManagedBy | Actor | Url,
}
