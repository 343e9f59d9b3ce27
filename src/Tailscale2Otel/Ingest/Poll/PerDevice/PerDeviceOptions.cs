using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Poll.PerDevice;

/// <summary>What the API has to be asked for each device on its own.</summary>
[ConfigSection("collectors.devices")]
sealed class PerDeviceOptions : IConfigSection
{
    /// <summary>Asks for the posture attributes of each device. Needs the scope devices:posture_attributes:read.</summary>
    public bool CollectPosture { get; set; }

    /// <summary>Asks for the invitations to share each device of the tailnet itself. Needs the scope device_invites:read.</summary>
    public bool CollectDeviceInvites { get; set; } = true;

    /// <summary>Namespaces of the posture attributes that have series of their own (the part of an attribute's name before the colon); * is all, an empty list none.</summary>
    public IReadOnlyList<string> AttributeNamespaces { get; set; } = ["intune", "jamf", "kandji", "crowdstrike", "sentinelone", "kolide", "ip"];

    /// <summary>Time in which each device is asked about once. The questions are spread over it: four at once at most, and no more than ten a second unless there are more than 3,000 devices.</summary>
    [Within("00:01:00", "1.00:00:00")]
    public TimeSpan PerDeviceInterval { get; set; } = TimeSpan.FromMinutes(10);
}
