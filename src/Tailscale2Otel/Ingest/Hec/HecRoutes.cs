namespace Tailscale2Otel.Ingest.Hec;

/// <summary>The protocol's paths and the methods that each takes.</summary>
sealed class HecRoutes(IEnumerable<HecDoor> doors)
{
    readonly Dictionary<string, HecDoor> _own =
        doors.Where(d => d.Path.Length > 0 && Known(Trim(d.Path)) == HecRoute.None).ToDictionary(d => Trim(d.Path), StringComparer.Ordinal);

    public HecTarget Find(string path)
    {
        path = Trim(path);
        var route = Known(path);
        return route == HecRoute.None && _own.TryGetValue(path, out var door) ? new HecTarget(HecRoute.Event, door) : new HecTarget(route);
    }

    /// <summary>Whether two paths are one.</summary>
    public static bool AreSame(string path, string other) => Trim(path) == Trim(other);

    /// <summary>Whether a path means something other than events.</summary>
    public static bool IsReserved(string path) => Known(Trim(path)) is HecRoute.Raw or HecRoute.Health or HecRoute.Ack;

    /// <summary>The value of the <c>Allow</c> header.</summary>
    public static string Allow(HecRoute route) => route == HecRoute.Health ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";

    public static bool Allows(HecRoute route, string method) =>
        route == HecRoute.Health ? HttpMethods.IsGet(method) || HttpMethods.IsHead(method) : HttpMethods.IsPost(method);

    static HecRoute Known(string path) => path switch
    {
        "/services/collector" or "/services/collector/event" or "/services/collector/event/1.0" => HecRoute.Event,
        "/services/collector/raw" or "/services/collector/raw/1.0" => HecRoute.Raw,
        "/services/collector/health" or "/services/collector/health/1.0" => HecRoute.Health,
        "/services/collector/ack" or "/services/collector/ack/1.0" => HecRoute.Ack,
        _ => HecRoute.None,
    };

    /// <summary>One slash at the end is a slip of the hand and not another resource.</summary>
    static string Trim(string path) => path.Length > 1 && path[^1] == '/' ? path[..^1] : path;
}
