using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Tailscale2Otel.Config;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>
/// The last door before the output. What a server says may repeat what it was sent: every secret of the configuration and
/// everything in the shape of a credential becomes <c>***</c>, and control characters go.
/// </summary>
sealed partial class HiddenSecrets
{
    /// <summary>Shorter ones are words that messages need, and give nothing away that is worth hiding.</summary>
    const int Shortest = 4;

    readonly IReadOnlyList<string> _secrets;

    HiddenSecrets(IEnumerable<string> secrets) =>
        // A longer one may contain a shorter one.
        _secrets = [.. secrets.Select(s => s.Trim()).Where(s => s.Length >= Shortest).Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length)];

    public static HiddenSecrets Of(LoadedConfig config)
    {
        var found = new List<string>();
        foreach (var options in config.Options)
            Collect(options, found);
        if (config.IsValid)
        {
            foreach (var signal in Enum.GetValues<OtlpSignal>())
                Collect(OtlpTarget.Resolve(config.Get<OtlpOptions>(), signal)?.Headers, found);
        }

        // Basic authentication of Grafana Cloud is one that is put together from two.
        return new HiddenSecrets(found.Concat(found.Where(s => s.Contains(' ', StringComparison.Ordinal)).SelectMany(s => s.Split(' '))));
    }

    public CheckFinding Hide(CheckFinding finding) => finding with { Detail = Hide(finding.Detail), ToDo = Hide(finding.ToDo) };

    public string Hide(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        return Cli.TerminalText.Escape(Credential().Replace(text, "${scheme}***"));
    }

    static void Collect(object? value, List<string> found)
    {
        switch (value)
        {
            case Secret secret:
                found.Add(secret.Reveal());
                break;
            case null or string:
                break;
            case IDictionary map:
                Collect(map.Values, found);
                break;
            case IEnumerable list:
                foreach (var item in list)
                    Collect(item, found);
                break;
            case IConfigSection section:
                foreach (var member in ValuesOf(section))
                    Collect(member, found);
                break;
        }
    }

    static IEnumerable<object?> ValuesOf(IConfigSection section) =>
        section.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(p => p.CanWrite && p.GetIndexParameters().Length == 0)
            .Select(p => p.GetValue(section));

    /// <summary>Keys of Tailscale, JSON Web Tokens, and what follows the name of an authentication scheme.</summary>
    [GeneratedRegex(@"tskey-[A-Za-z0-9_-]+|\beyJ[A-Za-z0-9_.-]{10,}|\b(?<scheme>(?:Bearer|Basic|Splunk)\s+)[A-Za-z0-9+/=._~-]{8,}", RegexOptions.IgnoreCase)]
    private static partial Regex Credential();
}
