namespace Tailscale2Otel.Tailscale;

/// <summary>One tailnet and how its API is reached.</summary>
/// <param name="Name">As its records and metrics carry it; empty for the only one when it was not named.</param>
/// <param name="ApiName">In the API's paths: the name, or <c>-</c> for the tailnet of the credential.</param>
sealed record TailnetSettings(string Name, string ApiName, Uri ApiUrl, ApiAuthOptions Auth, ApiHttpOptions Http, long MaxResponseBytes, long MaxLogResponseBytes)
{
    /// <summary>The one of <c>tailscale</c>.</summary>
    public static TailnetSettings Of(TailscaleOptions options) => new(
        options.Name, options.Tailnet, new Uri(options.ApiUrl), options.Auth, options.Http, options.MaxResponseBytes, options.MaxLogResponseBytes);

    /// <summary>All that are in force: those of the list, else the one of <c>tailscale</c>. Never empty.</summary>
    public static IReadOnlyList<TailnetSettings> All(TailscaleOptions common, TailnetsOptions several)
    {
        var one = Of(common);
        return several.Tailnets.Count == 0 ? [one] : [.. several.Tailnets.Select(t => one with { Name = t.Name, ApiName = t.Name, Auth = t.Auth, Http = t.Http.Over(common.Http) })];
    }
}
