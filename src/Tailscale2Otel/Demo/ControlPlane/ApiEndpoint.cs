namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>What a request is for.</summary>
enum ApiEndpoint
{
    /// <summary>Nothing that is there.</summary>
    None,
    Token,
    TokenExchange,
    NetworkLogs,
    ConfigurationLogs,
    Stream,
    StreamStatus,
    Settings,
    Devices,
    DeviceAttributes,
    DeviceInvites,
}
