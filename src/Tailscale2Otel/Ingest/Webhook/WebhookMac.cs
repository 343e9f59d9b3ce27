using System.Security.Cryptography;
using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>The signature itself: HMAC-SHA256 over <c>t</c>, a full stop and the raw body; the key is the whole secret, prefix included.</summary>
static class WebhookMac
{
    /// <param name="destination">At least <see cref="WebhookSignature.MacBytes"/>.</param>
    public static void Compute(Secret secret, string time, ReadOnlySpan<byte> body, Span<byte> destination)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret.Reveal()));
        hash.AppendData(Encoding.ASCII.GetBytes(time));
        hash.AppendData("."u8);
        hash.AppendData(body);
        hash.GetHashAndReset(destination);
    }

    /// <summary>Looks at every candidate and takes the same time whether one fits or not.</summary>
    public static bool Matches(Secret secret, WebhookSignature signature, ReadOnlySpan<byte> body)
    {
        Span<byte> expected = stackalloc byte[WebhookSignature.MacBytes];
        Compute(secret, signature.Time, body, expected);
        var matches = false;
        foreach (var candidate in signature.Candidates)
            matches |= CryptographicOperations.FixedTimeEquals(expected, candidate);
        return matches;
    }
}
