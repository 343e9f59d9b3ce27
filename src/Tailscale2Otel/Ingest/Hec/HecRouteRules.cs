using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>What the routes must be among themselves: what tells them apart is the path, the token, or both.</summary>
static class HecRouteRules
{
    public static void Check(IReadOnlyList<HecRouteOptions> routes, List<string> failures)
    {
        var tokens = new Dictionary<Secret, int>();
        foreach (var (index, route) in routes.Index())
        {
            var path = $"streaming.routes[{index}]";
            if (route.Path.Length > 0)
                CheckPath(path, index, routes, failures);
            CheckTokens(path, index, route, tokens, failures);
            HecOptionsValidator.CheckPublicUrl(path, route.PublicUrl, route.AutoConfigure, failures);
        }
    }

    static void CheckPath(string path, int index, IReadOnlyList<HecRouteOptions> routes, List<string> failures)
    {
        var count = failures.Count;
        HecOptionsValidator.CheckPath(path, routes[index].Path, failures);
        if (failures.Count > count)
            return;

        for (var other = 0; other < index; other++)
        {
            if (HecRoutes.AreSame(routes[other].Path, routes[index].Path))
            {
                failures.Add($"{path}.path: streaming.routes[{other}] has this path already");
                return;
            }
        }
    }

    static void CheckTokens(string path, int index, HecRouteOptions route, Dictionary<Secret, int> tokens, List<string> failures)
    {
        if (route.Token.Count == 0)
            failures.Add($"{path}.token: every route needs a token of its own (token or token_file), which tells the tailnets apart");
        else
            HecOptionsValidator.CheckTokens(path, route.Token, failures);

        foreach (var token in route.Token)
        {
            if (!tokens.TryAdd(token, index) && tokens[token] != index)
            {
                failures.Add($"{path}.token: streaming.routes[{tokens[token]}] has this token already; each is for one tailnet");
                return;
            }
        }
    }
}
