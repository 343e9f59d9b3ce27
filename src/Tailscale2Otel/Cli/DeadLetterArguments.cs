using Tailscale2Otel.Config;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Cli;

/// <summary>What the command line of <c>tailscale2otel dead-letters</c> says.</summary>
sealed record DeadLetterArguments(DeadLetterAction Action, LoadedConfig Config)
{
    /// <summary>Instead of <c>spool.directory</c>.</summary>
    public string? Spool { get; init; }

    /// <summary>Records by name; empty means all that the filter lets through.</summary>
    public IReadOnlyList<DeadLetterId> Ids { get; init; } = [];

    public DeadLetterFilter Filter { get; init; } = new();

    /// <summary>For list: most lines to print.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>For list: the lines as they are.</summary>
    public bool Json { get; init; }

    /// <summary>For retry: say what would be sent.</summary>
    public bool DryRun { get; init; }

    /// <summary>For retry: another backend than the configured one.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>For drop: do not ask.</summary>
    public bool Yes { get; init; }

    public bool Selects(DeadLetterHead head) => Ids.Count > 0 ? Ids.Contains(head.Id) : Filter.Matches(head);
}
