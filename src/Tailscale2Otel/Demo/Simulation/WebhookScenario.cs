namespace Tailscale2Otel.Demo.Simulation;

/// <summary>One kind of webhook event.</summary>
/// <param name="Message">May hold <c>{node}</c> and <c>{user}</c>.</param>
/// <param name="Data">Members of <c>data</c>: those of a node, of a user's change or of the policy; null has none.</param>
sealed record WebhookScenario(string Type, string Message, WebhookSubject? Data);
