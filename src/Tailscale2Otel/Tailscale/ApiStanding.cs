namespace Tailscale2Otel.Tailscale;

/// <summary>What is known of one operation.</summary>
/// <param name="At">When it was learnt; null while it is not.</param>
/// <param name="Message">What to do about it; empty when there is nothing to do.</param>
readonly record struct ApiStanding(ApiOperation Operation, ApiState State, DateTimeOffset? At, string Message);
