using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest;

/// <param name="End">Position behind the last record; only with <see cref="IntakeOutcome.Kept"/>.</param>
readonly record struct IntakeResult(IntakeOutcome Outcome, SpoolPosition End);
