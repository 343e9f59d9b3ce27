using Tailscale2Otel.Config;

namespace Tailscale2Otel.Cli;

/// <summary>What <c>validate --json</c> prints.</summary>
sealed record ValidateReport(bool Ok, IReadOnlyList<ConfigProblem> Errors, IReadOnlyList<ConfigProblem> Warnings);
