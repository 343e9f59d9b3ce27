using System.Text.RegularExpressions;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>
/// What Tailscale says of a delivery that failed, by its kind: the text itself has the names and addresses of devices and whatever
/// the far end wrote, and is shown nowhere.
/// </summary>
static partial class DeliveryError
{
    /// <summary>Longer text is cut before anything looks at it.</summary>
    const int MaxExamined = 4096;

    /// <param name="error">Not empty.</param>
    public static string InWords(string error)
    {
        error = error.Length > MaxExamined ? error[..MaxExamined] : error;
        return error switch
        {
            _ when StatusCode().Match(error) is { Success: true } status => $"HTTP {status.Value}",
            _ when Has(error, "x509", "certificate", "tls:") => "TLS",
            _ when Has(error, "no such host", "lookup ") => "the name cannot be resolved",
            _ when Has(error, "connection refused") => "connection refused",
            _ when Has(error, "timeout", "timed out", "deadline exceeded") => "no answer in time",
            _ => "see the admin console",
        };
    }

    static bool Has(string error, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (error.Contains(part, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    [GeneratedRegex(@"(?<![\w.:\[])[45]\d\d(?![\w.:\]])")]
    private static partial Regex StatusCode();
}
