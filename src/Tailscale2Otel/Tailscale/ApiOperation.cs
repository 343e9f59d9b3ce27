namespace Tailscale2Otel.Tailscale;

/// <summary>One thing that the API can be asked for.</summary>
/// <param name="Name">Tailscale's own name for it where it has one: <c>tailscale.api.operation</c> in docs/signals.md.</param>
/// <param name="Path">With its IDs elided: the attribute <c>endpoint</c>.</param>
/// <param name="Collector">Who needs it: <c>tailscale.collector</c>.</param>
/// <param name="Scope">What the credential must cover.</param>
/// <param name="Feature">What it is about, as the subject of a sentence in the plural.</param>
/// <param name="Plan">Plans that have it; empty for all.</param>
sealed record ApiOperation(string Name, HttpMethod Method, string Path, string Collector, string Scope, string Feature, string Plan = "")
{
    const string Tailnet = "{tailnet}";
    const string DeviceId = "{deviceId}";
    const string LargePlans = "Premium or Enterprise";

    public static readonly ApiOperation Devices =
        new("listTailnetDevices", HttpMethod.Get, "/api/v2/tailnet/{tailnet}/devices", "devices", "devices:core:read", "devices");

    public static readonly ApiOperation PostureAttributes =
        new("device_posture", HttpMethod.Get, "/api/v2/device/{deviceId}/attributes", "devices", "devices:posture_attributes:read", "posture attributes");

    public static readonly ApiOperation DeviceInvites =
        new("device_invites", HttpMethod.Get, "/api/v2/device/{deviceId}/device-invites", "devices", "device_invites:read", "device invites");

    public static readonly ApiOperation NetworkLogs =
        new("listNetworkFlowLogs", HttpMethod.Get, "/api/v2/tailnet/{tailnet}/logging/network", "flowlogs", "logs:network:read", "network flow logs", LargePlans);

    public static readonly ApiOperation ConfigurationLogs =
        new("listConfigurationAuditLogs", HttpMethod.Get, "/api/v2/tailnet/{tailnet}/logging/configuration", "auditlogs", "logs:configuration:read", "configuration audit logs");

    public static readonly ApiOperation NetworkStream = Stream("getLogStreamingConfiguration/network", HttpMethod.Get, "network");

    public static readonly ApiOperation ConfigurationStream = Stream("getLogStreamingConfiguration/configuration", HttpMethod.Get, "configuration");

    public static readonly ApiOperation SetNetworkStream = Stream("setLogStreamingConfiguration/network", HttpMethod.Put, "network");

    public static readonly ApiOperation SetConfigurationStream = Stream("setLogStreamingConfiguration/configuration", HttpMethod.Put, "configuration");

    public static readonly ApiOperation NetworkStreamStatus = Stream("getLogStreamingStatus/network", HttpMethod.Get, "network", "/status");

    public static readonly ApiOperation ConfigurationStreamStatus = Stream("getLogStreamingStatus/configuration", HttpMethod.Get, "configuration", "/status");

    public static readonly ApiOperation Settings =
        new("getTailnetSettings", HttpMethod.Get, "/api/v2/tailnet/{tailnet}/settings", "settings", "feature_settings:read", "tailnet settings");

    /// <summary>Every operation that has a state; the exchange of a credential for a token is a part of each.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        Devices, PostureAttributes, DeviceInvites, NetworkLogs, ConfigurationLogs, NetworkStream, ConfigurationStream,
        SetNetworkStream, SetConfigurationStream, NetworkStreamStatus, ConfigurationStreamStatus, Settings,
    ];

    public static ApiOperation Logs(LogType type) => type == LogType.Network ? NetworkLogs : ConfigurationLogs;

    public static ApiOperation LogStream(LogType type) => type == LogType.Network ? NetworkStream : ConfigurationStream;

    public static ApiOperation SetLogStream(LogType type) => type == LogType.Network ? SetNetworkStream : SetConfigurationStream;

    public static ApiOperation LogStreamStatus(LogType type) => type == LogType.Network ? NetworkStreamStatus : ConfigurationStreamStatus;

    public string PathOf(string tailnet, string device = "") =>
        Path.Replace(Tailnet, Uri.EscapeDataString(tailnet), StringComparison.Ordinal).Replace(DeviceId, device, StringComparison.Ordinal);

    /// <summary>Method and path as messages show them: a device's ID stays out.</summary>
    public string Shown(string tailnet) => $"{Method} {PathOf(tailnet, DeviceId)}";

    static ApiOperation Stream(string name, HttpMethod method, string log, string below = "") => new(
        name,
        method,
        $"/api/v2/tailnet/{{tailnet}}/logging/{log}/stream{below}",
        "logstream",
        method == HttpMethod.Get ? "log_streaming:read" : "log_streaming",
        "log streams",
        LargePlans);
}
