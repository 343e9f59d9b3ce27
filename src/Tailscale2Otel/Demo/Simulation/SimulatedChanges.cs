namespace Tailscale2Otel.Demo.Simulation;

/// <summary>Lets administrators, nodes and programs change things: one scenario after the other, about a node and a user by chance.</summary>
sealed class SimulatedChanges(SimulatedNode[] nodes, SimulatedUser[] users, Random random)
{
    readonly string _botId = $"k{random.Next(1000, 9999)}botCNTRL";
    int _count;
    string _group = "";

    /// <param name="recorded">Unix nanoseconds.</param>
    public SimulatedAudit Next(long recorded)
    {
        var scenario = AuditScenarios.All[_count++ % AuditScenarios.All.Length];
        var node = nodes[random.Next(nodes.Length)];
        var user = users[random.Next(users.Length)];
        // Now and then one operation yields two records of one group.
        if (_group.Length == 0 || random.Next(8) > 0)
            _group = Convert.ToHexStringLower(Bytes(16));
        return new SimulatedAudit(scenario, node, user, _botId, _group, _count, recorded);
    }

    byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
