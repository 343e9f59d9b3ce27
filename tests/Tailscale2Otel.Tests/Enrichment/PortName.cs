namespace Tailscale2Otel.Tests.Enrichment;

/// <summary>One line of the table of port names.</summary>
sealed record PortName(int Port, string Transport, string Name);
