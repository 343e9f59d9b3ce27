namespace Tailscale2Otel.Tests.Faults;

/// <summary>One request whose metrics the backend kept.</summary>
sealed class KeptExport
{
    /// <summary>Its number at the receiver.</summary>
    public required int Request { get; init; }

    /// <summary>What the process had counted by then.</summary>
    public required double Total { get; init; }

    /// <summary>The daemon cannot know that it was kept.</summary>
    public bool IsAnswerLost { get; set; }
}
