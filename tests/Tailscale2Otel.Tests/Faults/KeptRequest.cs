namespace Tailscale2Otel.Tests.Faults;

/// <summary>One request whose log records the backend kept.</summary>
sealed class KeptRequest
{
    /// <summary>Which of the daemon's processes sent it; they are numbered as they are started.</summary>
    public required int Lifetime { get; init; }

    /// <summary>From 0, among those of the same process.</summary>
    public required int Order { get; init; }

    /// <summary>The daemon cannot know that it was kept.</summary>
    public bool IsAnswerLost { get; set; }

    public override string ToString() => $"request {Order} of process {Lifetime}";
}
