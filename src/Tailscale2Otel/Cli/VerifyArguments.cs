namespace Tailscale2Otel.Cli;

/// <summary>What the command line of <c>tailscale2otel spool verify</c> says.</summary>
sealed record VerifyArguments
{
    public required string Directory { get; init; }

    public bool Quiet { get; init; }
}
