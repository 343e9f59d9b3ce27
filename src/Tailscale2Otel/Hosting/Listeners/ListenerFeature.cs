namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>Which listener a connection came in by. Requests see the features of their connection.</summary>
sealed record ListenerFeature(string Name);
