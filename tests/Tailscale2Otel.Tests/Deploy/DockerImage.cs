namespace Tailscale2Otel.Tests.Deploy;

/// <summary>The Dockerfile as instructions, and what they make of the last stage.</summary>
sealed record DockerImage(IReadOnlyList<(string Stage, string Instruction, string Arguments)> Instructions, string LastStage)
{
    public IEnumerable<string> Stages => Instructions.Select(i => i.Stage).Distinct();

    /// <summary>Variables of the last stage, ENV and ARG.</summary>
    public Dictionary<string, string> Variables => Last("ENV").Concat(Last("ARG"))
        .SelectMany(a => a.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(p => p.Split('=', 2))
        .ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    public static DockerImage Read()
    {
        var lines = string.Join('\n', DeployFile.Text("docker/Dockerfile").Split('\n').Where(l => !l.StartsWith('#')))
            .Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var stage = "";
        List<(string, string, string)> instructions = [];
        foreach (var parts in lines.Select(l => l.Split(' ', 2)))
        {
            if (parts[0] == "FROM")
                stage = parts[1].Split(" AS ")[1];
            instructions.Add((stage, parts[0], parts[1].Trim()));
        }

        return new DockerImage(instructions, stage);
    }

    /// <summary>Arguments of an instruction in the last stage.</summary>
    public IEnumerable<string> Last(string instruction) => Instructions.Where(i => i.Stage == LastStage && i.Instruction == instruction).Select(i => i.Arguments);
}
