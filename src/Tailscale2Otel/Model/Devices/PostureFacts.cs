namespace Tailscale2Otel.Model.Devices;

/// <summary>What is kept of a device's posture: what its client says of itself (<c>node:…</c>), and the attributes that were asked for.</summary>
/// <param name="Attributes">Bounded in number, keys and texts.</param>
sealed record PostureFacts(IReadOnlyList<PostureAttribute> Attributes)
{
    /// <summary><c>node:os</c>; null where it is not known, as the others.</summary>
    public string? Os { get; init; }

    /// <summary><c>node:osVersion</c>.</summary>
    public string? OsVersion { get; init; }

    /// <summary><c>node:tsVersion</c>.</summary>
    public string? ClientVersion { get; init; }

    /// <summary><c>node:tsReleaseTrack</c>.</summary>
    public string? ReleaseTrack { get; init; }

    /// <summary><c>node:tsAutoUpdate</c>.</summary>
    public bool? AutoUpdate { get; init; }

    /// <summary><c>node:tsStateEncrypted</c>.</summary>
    public bool? StateEncrypted { get; init; }
}
