namespace Tailscale2Otel.Tests.Support;

/// <summary>An answer of 503.</summary>
sealed record HecUnavailable(TimeSpan? RetryAfter, string Text);
