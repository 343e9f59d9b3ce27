namespace Tailscale2Otel.Demo.Simulation;

sealed record SimulatedUser(string Id, string Login, string DisplayName);
