namespace Tailscale2Otel.Tailscale;

/// <summary>What went wrong in one attempt.</summary>
/// <param name="Status">Of the answer, or for <see cref="ApiFaultKind.Token"/> of the token endpoint's; 0 without one.</param>
/// <param name="Detail">More in words: clean, see <see cref="ErrorText"/>.</param>
/// <param name="RetryAfter">How long to leave the server alone.</param>
/// <param name="WasSent">Without an answer: there was a connection, and it ended before one.</param>
sealed record ApiFault(ApiFaultKind Kind, int Status, string Detail, TimeSpan? RetryAfter = null, bool WasSent = false);
