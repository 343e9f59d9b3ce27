namespace Tailscale2Otel.Hosting.Check;

/// <summary>Everything that was found, in the order of the table.</summary>
sealed record CheckReport(IReadOnlyList<CheckRow> Rows)
{
    /// <summary>The lowest code of what does not work.</summary>
    public int ExitCode => Rows.Where(r => r.IsBad).Select(CodeOf).DefaultIfEmpty(Cli.ExitCode.Ok).Min();

    public int Bad => Rows.Count(r => r.IsBad);

    static int CodeOf(CheckRow row) => row.Part switch
    {
        CheckPart.Local => Cli.ExitCode.Failed,
        // A server that nobody reached has refused nobody.
        CheckPart.Authentication when row.Finding.State == CheckState.Unknown => Cli.ExitCode.ApiFailed,
        CheckPart.Authentication => Cli.ExitCode.Unauthenticated,
        CheckPart.Api => Cli.ExitCode.ApiFailed,
        _ => Cli.ExitCode.ExportFailed,
    };

    /// <summary>Takes the answers that are there until <paramref name="end"/>, and says of the others that there are none.</summary>
    /// <param name="whyUnknown">Asked at the end, for rows without an answer.</param>
    public static async Task<CheckReport> TakeAsync(IReadOnlyList<CheckQuestion> questions, Func<string> whyUnknown, HiddenSecrets secrets, CancellationToken end)
    {
        var all = Task.WhenAll(questions.Select(q => q.Answer));
        // A call that cannot be cancelled, such as a look-up of a name or a write to a dead disk, is not waited for.
        await Task.WhenAny(all, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end));
        return new CheckReport([.. questions.Select(q => new CheckRow(q.Part, q.Id, q.What, q.Tailnet, secrets.Hide(FindingOf(q, whyUnknown))))]);
    }

    static CheckFinding FindingOf(CheckQuestion question, Func<string> whyUnknown)
    {
        var answer = question.Answer;
        var finding = answer.Status switch
        {
            TaskStatus.RanToCompletion => answer.Result,
            TaskStatus.Faulted when answer.Exception!.InnerException is not OperationCanceledException =>
                CheckFinding.Failed($"the check itself failed: {answer.Exception.InnerException!.GetType().Name}", "please report this"),
            _ => new CheckFinding(CheckState.Unknown, whyUnknown()),
        };
        return question.IsUsed ? finding : finding.State == CheckState.Unknown ? CheckFinding.NotUsed(finding.Detail) : finding.WithoutUse();
    }
}
