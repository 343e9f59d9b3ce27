using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>The log streams of several tailnets have a route each.</summary>
sealed class HecRoutesRule : IOptionsRule
{
    static readonly HecOptions Default = new();

    public IEnumerable<string> Failures(OptionsSet options)
    {
        var hec = options.Get<HecOptions>();
        return RouteRules.Failures(
            options,
            "streaming",
            hec.Enabled,
            [.. hec.Routes.Select(r => r.Tailnet)],
            ("path", hec.Path == Default.Path),
            ("token", hec.Token.Count == 0),
            ("public_url", hec.PublicUrl.Length == 0),
            ("auto_configure", !hec.AutoConfigure));
    }
}
