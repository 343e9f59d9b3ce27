namespace Tailscale2Otel.Tests.Documents;

/// <summary>A fenced block of <c>sh</c> in a document.</summary>
/// <param name="Line">Of its first command, for messages.</param>
/// <param name="Section">Heading of the second level that it stands below.</param>
/// <param name="Mark">The comment right before it, without its signs; empty without one.</param>
sealed record ShellBlock(int Line, string Section, string Code, string Mark)
{
    const string NotRun = "not run: ";
    const string Interrupted = "run: Ctrl-C after ";

    /// <summary>Why nobody but a reader runs it; null when the tests do.</summary>
    public string? Reason => Mark.StartsWith(NotRun, StringComparison.Ordinal) ? Mark[NotRun.Length..].Trim() : null;

    /// <summary>It runs until the section ends.</summary>
    public bool HasOwnTerminal => Mark == "run: in a terminal of its own";

    /// <summary>Seconds until Ctrl-C; null when it ends by itself.</summary>
    public string? InterruptAfter => Mark.StartsWith(Interrupted, StringComparison.Ordinal) && Mark.EndsWith(" s", StringComparison.Ordinal) ? Mark[Interrupted.Length..^2] : null;

    public bool HasKnownMark => Mark.Length == 0 || Reason is not null || HasOwnTerminal || InterruptAfter is not null;
}
