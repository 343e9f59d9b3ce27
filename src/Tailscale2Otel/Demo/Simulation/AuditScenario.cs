namespace Tailscale2Otel.Demo.Simulation;

/// <summary>
/// One kind of configuration change. Texts may hold <c>{node}</c>, <c>{nodeId}</c>, <c>{v4}</c>, <c>{v6}</c>, <c>{user}</c>, <c>{userId}</c>, <c>{n}</c> (a
/// number that grows) and <c>{time}</c>.
/// </summary>
sealed record AuditScenario(string Origin, string ActorType, string Action, string TargetType)
{
    public string Property { get; init; } = "";

    public string TargetId { get; init; } = NodeFactory.Domain;

    public string TargetName { get; init; } = NodeFactory.Domain;

    /// <summary>JSON text, or null where the record has no such member.</summary>
    public string? Old { get; init; }

    /// <summary>JSON text, or null where the record has no such member.</summary>
    public string? New { get; init; }

    public string? Details { get; init; }

    public string? Error { get; init; }

    public bool? IsEphemeral { get; init; }
}
