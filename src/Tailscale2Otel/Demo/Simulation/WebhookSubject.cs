namespace Tailscale2Otel.Demo.Simulation;

/// <summary>What an event of a webhook is about, which decides the members of its <c>data</c>.</summary>
enum WebhookSubject
{
    Node,
    NodeKey,
    UserRole,
    Policy,
}
