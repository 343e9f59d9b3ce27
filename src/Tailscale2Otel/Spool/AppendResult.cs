using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <param name="End">Position behind the last frame of the batch; only with <see cref="AppendOutcome.Durable"/>.</param>
readonly record struct AppendResult(AppendOutcome Outcome, SpoolPosition End);
