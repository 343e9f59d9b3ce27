using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>
/// The header <c>Tailscale-Webhook-Signature</c> (tailscale.com/kb/1213/webhooks): parts at the commas, each a name and a value at its
/// first <c>=</c>; <c>t</c> once, <c>v1</c> any number of times, other names are passed over.
/// </summary>
/// <param name="Time"><c>t</c> as it is written, since that is what was signed.</param>
/// <param name="Seconds"><c>t</c> as Unix time.</param>
/// <param name="Candidates">The values of <c>v1</c>, 32 bytes each.</param>
sealed record WebhookSignature(string Time, long Seconds, IReadOnlyList<byte[]> Candidates)
{
    public const string HeaderName = "Tailscale-Webhook-Signature";
    public const int MacBytes = 32;

    /// <summary>Room for dozens of candidates; a rotation needs two.</summary>
    const int MaxHeader = 4096;

    /// <summary>Beyond the year 30 million, and no sum of it with anything here overflows.</summary>
    const int MaxTimeDigits = 15;

    /// <summary>Does not throw.</summary>
    /// <param name="problem">What is wrong, without anything of the header.</param>
    public static bool TryParse(string header, [NotNullWhen(true)] out WebhookSignature? signature, out string problem)
    {
        signature = null;
        string? time = null;
        var candidates = new List<byte[]>();
        problem = header.Length > MaxHeader ? $"it is longer than {MaxHeader} characters" : "";
        if (problem.Length > 0)
            return false;

        foreach (var part in header.Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                continue;

            var name = part.AsSpan(0, equals).Trim(' ');
            var value = part.AsSpan(equals + 1).Trim(' ');
            if (name is "t" && time is not null)
                problem = "it has more than one t";
            else if (name is "t")
                time = value.ToString();
            else if (name is "v1" && TryReadMac(value, out var mac))
                candidates.Add(mac);
        }

        if (problem.Length == 0)
            problem = time is null ? "it has no t" : !IsTime(time) ? "its t is not a Unix time in seconds" : candidates.Count == 0 ? "it has no v1 of 64 hexadecimal digits" : "";
        if (problem.Length > 0)
            return false;

        signature = new WebhookSignature(time!, long.Parse(time!, CultureInfo.InvariantCulture), candidates);
        return true;
    }

    static bool IsTime(string text) => text.Length is > 0 and <= MaxTimeDigits && text.All(char.IsAsciiDigit);

    static bool TryReadMac(ReadOnlySpan<char> hex, [NotNullWhen(true)] out byte[]? mac)
    {
        mac = new byte[MacBytes];
        if (hex.Length == 2 * MacBytes && Convert.FromHexString(hex, mac, out _, out var written) == System.Buffers.OperationStatus.Done && written == MacBytes)
            return true;

        mac = null;
        return false;
    }
}
