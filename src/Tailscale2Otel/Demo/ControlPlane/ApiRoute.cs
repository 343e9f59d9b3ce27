using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>A path of the API, taken apart.</summary>
/// <param name="Tailnet">Of the path; null where the path has none.</param>
/// <param name="Device">Of the path; empty where the path has none.</param>
readonly record struct ApiRoute(ApiEndpoint Endpoint, string? Tailnet = null, LogType Type = default, string Device = "")
{
    /// <summary>The methods that the endpoint knows.</summary>
    public string[] Methods => Endpoint switch
    {
        ApiEndpoint.Token or ApiEndpoint.TokenExchange => ["POST"],
        ApiEndpoint.Stream => ["GET", "PUT", "DELETE"],
        ApiEndpoint.Settings => ["GET", "PATCH"],
        _ => ["GET"],
    };

    public static ApiRoute Of(string path)
    {
        string[] parts = path.StartsWith("/api/v2/", StringComparison.Ordinal) ? path["/api/v2/".Length..].Split('/') : [];
        return parts switch
        {
            ["oauth", "token"] => new ApiRoute(ApiEndpoint.Token),
            ["oauth", "token-exchange"] => new ApiRoute(ApiEndpoint.TokenExchange),
            ["tailnet", var tailnet, "devices"] => new ApiRoute(ApiEndpoint.Devices, tailnet),
            ["tailnet", var tailnet, "settings"] => new ApiRoute(ApiEndpoint.Settings, tailnet),
            ["tailnet", var tailnet, "logging", "network"] => new ApiRoute(ApiEndpoint.NetworkLogs, tailnet),
            ["tailnet", var tailnet, "logging", "configuration"] => new ApiRoute(ApiEndpoint.ConfigurationLogs, tailnet, LogType.Configuration),
            ["tailnet", var tailnet, "logging", var type, "stream"] when TypeOf(type) is { } log => new ApiRoute(ApiEndpoint.Stream, tailnet, log),
            ["tailnet", var tailnet, "logging", var type, "stream", "status"] when TypeOf(type) is { } log => new ApiRoute(ApiEndpoint.StreamStatus, tailnet, log),
            ["device", var device, "attributes"] => new ApiRoute(ApiEndpoint.DeviceAttributes, Device: device),
            ["device", var device, "device-invites"] => new ApiRoute(ApiEndpoint.DeviceInvites, Device: device),
            _ => default,
        };
    }

    static LogType? TypeOf(string part) => part switch
    {
        "network" => LogType.Network,
        "configuration" => LogType.Configuration,
        _ => null,
    };
}
