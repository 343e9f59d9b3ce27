using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>One tailnet's way into the receiver.</summary>
/// <param name="Tailnet">Of its records; empty for the only one when it has no name.</param>
/// <param name="Path">Takes events for this tailnet alone; empty when only Splunk's own paths do.</param>
sealed record HecDoor(string Tailnet, string Path, IReadOnlyList<Secret> Tokens)
{
    /// <summary>One for each route, or one for the only tailnet.</summary>
    public static IReadOnlyList<HecDoor> Of(HecOptions options, string tailnet) => options.Routes.Count == 0
        ? [new HecDoor(tailnet, options.Path, options.Token)]
        : [.. options.Routes.Select(r => new HecDoor(r.Tailnet, r.Path, r.Token))];
}
