namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>Which dead letters are meant; an empty list or no time means any.</summary>
sealed record DeadLetterFilter
{
    public IReadOnlyList<string> Reasons { get; init; } = [];

    public IReadOnlyList<string> Signals { get; init; } = [];

    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Written at or after this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Written before this time.</summary>
    public DateTimeOffset? To { get; init; }

    public bool IsEmpty => Reasons.Count + Signals.Count + Sources.Count == 0 && From is null && To is null;

    public bool Matches(DeadLetterHead head) =>
        IsAny(Reasons, head.Reason) && IsAny(Signals, head.Signal) && IsAny(Sources, head.Source)
        && !(head.Time < From) && !(head.Time >= To);

    static bool IsAny(IReadOnlyList<string> names, string name) => names.Count == 0 || names.Contains(name);
}
