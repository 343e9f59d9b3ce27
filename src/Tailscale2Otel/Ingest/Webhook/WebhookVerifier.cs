using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>
/// Whether a delivery is Tailscale's and of now. Tailscale sends again hourly for 24 h what was not answered with success, and may
/// keep the first time in the signature. So what is older than the tolerance is still taken, as long as the deduplication window
/// remembers every delivery that could have been made since: then a replay of one that was seen has no effect.
/// </summary>
/// <param name="tolerance">0 takes any age.</param>
/// <param name="memory">How long the deduplication window remembers an event after its receipt.</param>
sealed class WebhookVerifier(IReadOnlyList<Secret> secrets, TimeSpan tolerance, TimeSpan memory, TimeProvider time)
{
    /// <summary>24 hours of retries, and one for clocks and the last of them being late.</summary>
    static readonly TimeSpan RetryPeriod = TimeSpan.FromHours(25);

    /// <summary>What counts as stale where the age is not checked.</summary>
    static readonly TimeSpan UsualTolerance = TimeSpan.FromMinutes(5);

    /// <summary>Without one, only <see cref="OpenAccess"/> stands before the receiver.</summary>
    public bool HasSecrets => secrets.Count > 0;

    /// <summary>
    /// The greatest age of a signature. A delivery is received at the earliest one tolerance before the time that it was signed at
    /// (its clock may be ahead), so that its events are remembered up to that much less than the memory after it.
    /// </summary>
    public TimeSpan OldestAge { get; } = Max(tolerance, Min(RetryPeriod, memory - tolerance));

    /// <param name="header">All values of the header, with commas between; empty when there is none.</param>
    public WebhookVerdict Check(string header, ReadOnlySpan<byte> body)
    {
        if (header.Length == 0)
            return new WebhookVerdict(WebhookFault.MissingSignature);
        if (!WebhookSignature.TryParse(header, out var signature, out _))
            return new WebhookVerdict(WebhookFault.MalformedSignature);

        var matches = false;
        foreach (var secret in secrets)
            matches |= WebhookMac.Matches(secret, signature, body);
        return matches ? CheckTime(signature.Seconds) : new WebhookVerdict(WebhookFault.BadSignature);
    }

    WebhookVerdict CheckTime(long signedAt)
    {
        var age = time.GetUtcNow().ToUnixTimeSeconds() - signedAt;
        if (tolerance == TimeSpan.Zero)
            return new WebhookVerdict(WebhookFault.None, signedAt, age > UsualTolerance.TotalSeconds);
        if (age < -tolerance.TotalSeconds)
            return new WebhookVerdict(WebhookFault.FutureTimestamp, signedAt);
        return age > OldestAge.TotalSeconds
            ? new WebhookVerdict(WebhookFault.StaleTimestamp, signedAt)
            : new WebhookVerdict(WebhookFault.None, signedAt, age > tolerance.TotalSeconds);
    }

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
