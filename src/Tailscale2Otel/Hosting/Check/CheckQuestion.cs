namespace Tailscale2Otel.Hosting.Check;

/// <summary>One row of the table while its answer is on its way.</summary>
/// <param name="Id">For programs.</param>
/// <param name="What">For people.</param>
sealed record CheckQuestion(CheckPart Part, string Id, string What, Task<CheckFinding> Answer)
{
    /// <summary>Empty: of no tailnet, or of the only one.</summary>
    public string Tailnet { get; init; } = "";

    /// <summary>What the configuration does not use cannot fail.</summary>
    public bool IsUsed { get; init; } = true;
}
