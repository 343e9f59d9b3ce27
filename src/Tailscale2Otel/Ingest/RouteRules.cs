using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest;

/// <summary>What the routes of both receivers need: tailnets to choose from, the receiver, and nothing beside them that would be a way in too.</summary>
static class RouteRules
{
    /// <param name="section">Of the receiver.</param>
    /// <param name="tailnets">That each route names, in their order.</param>
    /// <param name="beside">Keys that have to be at their default, each with whether they are.</param>
    public static IEnumerable<string> Failures(OptionsSet options, string section, bool isEnabled, IReadOnlyList<string> tailnets, params (string Key, bool IsDefault)[] beside)
    {
        var names = options.Get<TailnetsOptions>().Tailnets.Select(t => t.Name).ToList();
        if (tailnets.Count == 0)
            return names.Count > 1 && isEnabled ? [$"{section}.routes: several tailnets need a route each, or nobody could tell whose records come in"] : [];

        List<string> failures = [];
        if (names.Count == 0)
            failures.Add($"{section}.routes: needs the list tailnets, which says what there is to choose from");
        if (!isEnabled)
            failures.Add($"{section}.routes: needs {section}.enabled: true");
        failures.AddRange(beside.Where(k => !k.IsDefault).Select(k => $"{section}.{k.Key}: not together with {section}.routes, where each tailnet has its own; leave it out"));
        if (names.Count > 0)
            failures.AddRange(tailnets.Index().Select(t => Problem(section, t.Index, tailnets, names)).OfType<string>());
        return failures;
    }

    static string? Problem(string section, int index, IReadOnlyList<string> tailnets, List<string> names)
    {
        var tailnet = tailnets[index];
        var first = tailnets.Index().First(t => t.Item == tailnet).Index;
        if (tailnet.Length > 0 && !names.Contains(tailnet))
            return $"{section}.routes[{index}].tailnet: is none of tailnets: {string.Join(", ", names)}";
        return first < index && tailnet.Length > 0 ? $"{section}.routes[{index}].tailnet: {section}.routes[{first}] is for this tailnet already; give that one several tokens or secrets" : null;
    }
}
