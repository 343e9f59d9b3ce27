using Tailscale2Otel.Cli;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Hosting.Redelivery.Letters;

/// <summary>
/// <c>dead-letters retry</c>: sends records again, then drops from the files what the backend accepted. The lock is taken for
/// neither the reading nor the sending. A kill in between leaves letters that were accepted; sent once more, they have the same uid.
/// </summary>
sealed class DeadLetterRetry(DeadLetterArguments arguments, TextWriter output, TextWriter error)
{
    /// <summary>By record and not by line: the daemon may have written one twice.</summary>
    readonly HashSet<DeadLetterKey> _taken = [];
    readonly HashSet<DeadLetterKey> _accepted = [];
    readonly List<DeadLetterKey> _duplicates = [];
    readonly Queue<(long Number, DeadLetterKey Letter)> _underWay = [];
    readonly HashSet<DeadLetterId> _missing = [.. arguments.Ids];
    long _added;
    int _left;
    int _refused;
    bool _isWhole = true;

    public async Task<int> RunAsync(string directory, CancellationToken stop)
    {
        using var snapshot = arguments.DryRun ? DeadLetterSnapshot.Open(directory) : DeadLetterSnapshot.OpenLocked(directory);
        using var source = new DeadLetterSource(directory);
        await using var host = await RedeliveryHost.OpenAsync(arguments.Config, arguments.Otlp, output, Settle);
        try
        {
            using var walk = new DeadLetterWalk(snapshot);
            await SendAsync(walk, source, host.Redeliverer, stop);
            var missing = stop.IsCancellationRequested ? 0 : SayMissing(directory);
            DeadLetterListing.Say(output, walk, Summary(host.Target));
            return _isWhole && _left + missing == 0 ? ExitCode.Ok : ExitCode.Failed;
        }
        finally
        {
            if (_accepted.Count > 0)
                DeadLetterRemoval.Drop(snapshot, head => _accepted.Contains(DeadLetterKey.Of(head)), output);
        }
    }

    async Task SendAsync(DeadLetterWalk walk, DeadLetterSource source, Redeliverer redeliverer, CancellationToken stop)
    {
        try
        {
            while (walk.TryNext())
            {
                stop.ThrowIfCancellationRequested();
                if (!arguments.Selects(walk.Head))
                    continue;

                _missing.Remove(walk.Head.Id);
                if (_taken.Add(DeadLetterKey.Of(walk.Head)))
                    await AddAsync(walk, source, redeliverer, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _isWhole = false;
        }

        _isWhole &= await redeliverer.CompleteAsync(stop);
        // A duplicate is in the backend when its original is, and which one that was is not known.
        if (_isWhole && _refused == 0)
        {
            _accepted.UnionWith(_duplicates);
            return;
        }

        foreach (var letter in _duplicates)
            Leave(letter, "not dropped: the same event as another letter of this run");
    }

    ValueTask AddAsync(DeadLetterWalk walk, DeadLetterSource source, Redeliverer redeliverer, CancellationToken stop)
    {
        var head = walk.Head!;
        var letter = DeadLetterKey.Of(head);
        var problem = source.Read(walk, out var record);
        if (problem.Length > 0)
        {
            Leave(letter, $"cannot be sent: {problem}");
            return ValueTask.CompletedTask;
        }

        if (arguments.DryRun)
        {
            new DeadLetterListing(arguments, output, error).WriteRow(head, walk.Scanner!.Length, isFirst: _added == 0);
            _added++;
            return ValueTask.CompletedTask;
        }

        _underWay.Enqueue((_added++, letter));
        return redeliverer.AddAsync(record, stop);
    }

    void Settle(RedeliveredRecord record)
    {
        // Numbers come in order; those of a batch that was given up never come.
        (long Number, DeadLetterKey Letter) next;
        while ((next = _underWay.Dequeue()).Number < record.Number)
        {
        }

        var letter = next.Letter;
        switch (record.Outcome)
        {
            case RedeliveryOutcome.Sent: _accepted.Add(letter); break;
            case RedeliveryOutcome.Duplicate: _duplicates.Add(letter); break;
            case RedeliveryOutcome.Unmapped: Leave(letter, "not sent: the configuration asks for no log record of it"); break;
            // It may have claimed its key before it failed, so that a duplicate of it is with nobody.
            case RedeliveryOutcome.Undecodable when record.Reason == RecordGuard.Reason: Refuse(letter, $"not sent: {record.Reason}"); break;
            case RedeliveryOutcome.Undecodable: Leave(letter, $"not sent: {record.Reason}"); break;
            case RedeliveryOutcome.Refused: Refuse(letter, record.Status == 0 ? $"refused again: {record.Message}" : $"refused again: {record.Status} {record.Message}"); break;
            default: Refuse(letter, $"not known whether it arrived: {record.Message}"); break;
        }
    }

    void Refuse(DeadLetterKey letter, string why)
    {
        _refused++;
        Leave(letter, why);
    }

    /// <summary>It stays in the file.</summary>
    void Leave(DeadLetterKey letter, string why)
    {
        _left++;
        output.WriteLine($"{letter.Id}  {TerminalText.Escape(why)}");
    }

    int SayMissing(string directory)
    {
        foreach (var id in _missing)
            error.WriteLine($"{ProductInfo.Name}: there is no dead letter {id} in {directory}");
        return _missing.Count;
    }

    string Summary(string target) =>
        arguments.DryRun ? $"{_added} records would be tried with {target}, {_left} cannot be"
        : $"{_accepted.Count} records are with {target}, {_left} stay in the file{(_isWhole ? "" : "; stopped before the end")}";
}
