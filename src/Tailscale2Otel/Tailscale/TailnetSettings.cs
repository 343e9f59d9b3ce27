using System.Globalization;

namespace Tailscale2Otel.Tailscale;

/// <summary>One tailnet and how its API is reached.</summary>
/// <param name="Name">As its records carry it; empty for the only one when it was not named.</param>
/// <param name="ApiName">In the API's paths: the name, or <c>-</c> for the tailnet of the credential.</param>
sealed record TailnetSettings(string Name, string ApiName, Uri ApiUrl, ApiAuthOptions Auth, ApiHttpOptions Http, long MaxResponseBytes, long MaxLogResponseBytes)
{
    /// <summary>
    /// As metrics and the health page call it: the name, or when that must not leave its place in the configuration, since series of
    /// several tailnets must not become one. Empty for the only one when it was not named, or may not be.
    /// </summary>
    public string Label { get; init; } = Name;

    /// <summary>Where the credential stands in the configuration, for words.</summary>
    public string AuthKey { get; init; } = "tailscale.auth";

    /// <summary>The one of <c>tailscale</c>.</summary>
    public static TailnetSettings Of(TailscaleOptions options) => new(
        options.Name, options.Tailnet, new Uri(options.ApiUrl), options.Auth, options.Http, options.MaxResponseBytes, options.MaxLogResponseBytes);

    /// <summary>All that are in force: those of the list, else the one of <c>tailscale</c>. Never empty.</summary>
    /// <param name="withNames">False when names of tailnets must not leave, see <see cref="Label"/>.</param>
    public static IReadOnlyList<TailnetSettings> All(TailscaleOptions common, TailnetsOptions several, bool withNames = true)
    {
        var one = Of(common);
        return several.Tailnets.Count == 0
            ? [one with { Label = withNames ? one.Name : "" }]
            : [.. several.Tailnets.Select((t, i) => one with
            {
                Name = t.Name,
                ApiName = t.Name,
                Auth = t.Auth,
                Http = t.Http.Over(common.Http),
                Label = withNames ? t.Name : LabelOf(i),
                AuthKey = string.Create(CultureInfo.InvariantCulture, $"tailnets[{i}].auth"),
            })];
    }

    /// <summary>What stands for the name of a tailnet that may not be told.</summary>
    /// <param name="place">Counted from 0.</param>
    public static string LabelOf(int place) => string.Create(CultureInfo.InvariantCulture, $"#{place + 1}");
}
