using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>What the control plane knows of a node. What is not given is made up from the node's ID, always the same.</summary>
sealed record SimulatedDevice(SimulatedNode Node)
{
    static readonly string[] Versions = ["1.96.2", "1.96.2", "1.94.1", "1.92.5"];

    /// <summary>The older ID: a decimal number of more digits than a double holds.</summary>
    public string Id { get; init; } = "92" + Number(Node.Id, 1_000_000_000).ToString("D9", System.Globalization.CultureInfo.InvariantCulture) + "48213467";

    public bool IsOnline { get; init; } = Number(Node.Id, 8) != 0;

    /// <summary>Shared in from another tailnet: the API says less of it.</summary>
    public bool IsExternal { get; init; }

    public bool IsAuthorized { get; init; } = true;

    public bool IsEphemeral { get; init; }

    public string ClientVersion { get; init; } = (Node.IsOldClient ? "1.88.3" : Versions[Number(Node.Id, Versions.Length)]) + "-t1f2e3d4c5-g6b7a89012";

    /// <summary>How long it has been in the tailnet.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(Number(Node.Id, 400)) + TimeSpan.FromHours(1);

    /// <summary>How long it has not been seen, when it is not online.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(10 + Number(Node.Id, 5000));

    /// <summary>How long its key is still good; null when that does not expire.</summary>
    public TimeSpan? KeyLife { get; init; } = Node.Tags.Length > 0 ? null : TimeSpan.FromDays(5 + Number(Node.Id, 170));

    /// <summary>Empty when tailnet lock has nothing against it.</summary>
    public string TailnetLockError { get; init; } = "";

    /// <summary>Whether its NAT maps by destination.</summary>
    public bool IsBehindHardNat { get; init; } = Number(Node.Id, 5) == 0;

    public int Variant(int values) => Number(Node.Id, values);

    /// <summary>FNV-1a, so that the same ID gives the same number in every process.</summary>
    static int Number(string id, int below)
    {
        var hash = 2_166_136_261u;
        foreach (var c in id)
            hash = (hash ^ c) * 16_777_619;
        return (int)(hash % (uint)below);
    }
}
