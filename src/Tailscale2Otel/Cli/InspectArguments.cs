namespace Tailscale2Otel.Cli;

/// <summary>What the command line of <c>tailscale2otel spool inspect</c> says.</summary>
sealed record InspectArguments
{
    public required string Directory { get; init; }

    public bool Json { get; init; }

    /// <summary>Read every frame, to count records.</summary>
    public bool Records { get; init; }

    /// <summary>Print every segment, however many there are.</summary>
    public bool AllSegments { get; init; }
}
