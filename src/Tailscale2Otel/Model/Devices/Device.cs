namespace Tailscale2Otel.Model.Devices;

/// <summary>
/// One device of the tailnet as the API's device list has it (<c>GET /tailnet/{tailnet}/devices?fields=all</c>). What the API left
/// out is null, empty or false.
/// </summary>
sealed record Device
{
    /// <summary><c>nodeId</c>, the stable ID that flow and audit records carry.</summary>
    public required string NodeId { get; init; }

    /// <summary><c>id</c>, the older ID: <c>host.id</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>Full MagicDNS name, without a dot at its end.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the machine calls itself.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>Tailscale addresses, IPv4 and IPv6, without prefix length.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Login name of the owner; of a tagged device that of who added it.</summary>
    public string User { get; init; } = "";

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string Os { get; init; } = "";

    public string ClientVersion { get; init; } = "";

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public bool? ConnectedToControl { get; init; }

    public bool Authorized { get; init; }

    public bool IsExternal { get; init; }

    public bool? IsEphemeral { get; init; }

    public bool? KeyExpiryDisabled { get; init; }

    public bool? UpdateAvailable { get; init; }

    public bool? BlocksIncomingConnections { get; init; }

    public bool? MultipleConnections { get; init; }

    public bool? SshEnabled { get; init; }

    public bool? PostureIdentityDisabled { get; init; }

    public string TailnetLockError { get; init; } = "";

    public IReadOnlyList<string> AdvertisedRoutes { get; init; } = [];

    public IReadOnlyList<string> EnabledRoutes { get; init; } = [];

    /// <summary>Null when the device did not say.</summary>
    public DeviceConnectivity? Connectivity { get; init; }

    /// <summary>Null for what is no Linux distribution.</summary>
    public DeviceDistro? Distro { get; init; }
}
