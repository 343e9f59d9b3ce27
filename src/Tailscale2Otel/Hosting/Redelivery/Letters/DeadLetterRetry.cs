using Tailscale2Otel.Cli;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Hosting.Redelivery.Letters;

/// <summary>
/// <c>dead-letters retry</c>: sends records again, then drops from the files what the backend accepted. The lock is taken for
/// neither the reading nor the sending. A kill in between leaves letters that were accepted; sent once more, they have the same uid.
/// </summary>
sealed class DeadLetterRetry(DeadLetterArguments arguments, TextWriter output, TextWriter error)
{
    /// <summary>By record and not by line: the daemon may have written one twice. About twenty bytes each.</summary>
    readonly HashSet<DeadLetterId> _taken = [];
    readonly HashSet<DeadLetterId> _accepted = [];
    readonly List<DeadLetterId> _duplicates = [];
    readonly Queue<(long Number, DeadLetterId Id)> _underWay = [];
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
                DeadLetterRemoval.Drop(snapshot, head => _accepted.Contains(head.Id), output);
        }
    }

    async Task SendAsync(DeadLetterWalk walk, DeadLetterSource source, Redeliverer redeliverer, CancellationToken stop)
    {
        try
        {
            while (walk.TryNext())
            {
                stop.ThrowIfCancellationRequested();
                if (arguments.Selects(walk.Head) && _taken.Add(walk.Head.Id))
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

        foreach (var id in _duplicates)
            Leave(id, "not dropped: the same event as another letter of this run");
    }

    ValueTask AddAsync(DeadLetterWalk walk, DeadLetterSource source, Redeliverer redeliverer, CancellationToken stop)
    {
        var head = walk.Head!;
        var problem = source.Read(walk, out var record);
        if (problem.Length > 0)
        {
            Leave(head.Id, $"cannot be sent: {problem}");
            return ValueTask.CompletedTask;
        }

        if (arguments.DryRun)
        {
            new DeadLetterListing(arguments, output, error).WriteRow(head, walk.Scanner!.Length, isFirst: _added == 0);
            _added++;
            return ValueTask.CompletedTask;
        }

        _underWay.Enqueue((_added++, head.Id));
        return redeliverer.AddAsync(record, stop);
    }

    void Settle(RedeliveredRecord record)
    {
        // Numbers come in order; those of a batch that was given up never come.
        (long Number, DeadLetterId Id) letter;
        while ((letter = _underWay.Dequeue()).Number < record.Number)
        {
        }

        switch (record.Outcome)
        {
            case RedeliveryOutcome.Sent: _accepted.Add(letter.Id); break;
            case RedeliveryOutcome.Duplicate: _duplicates.Add(letter.Id); break;
            case RedeliveryOutcome.Unmapped: Leave(letter.Id, "not sent: the configuration asks for no log record of it"); break;
            case RedeliveryOutcome.Undecodable: Leave(letter.Id, $"not sent: {record.Reason}"); break;
            case RedeliveryOutcome.Refused: Refuse(letter.Id, record.Status == 0 ? $"refused again: {record.Message}" : $"refused again: {record.Status} {record.Message}"); break;
            default: Refuse(letter.Id, $"not known whether it arrived: {record.Message}"); break;
        }
    }

    void Refuse(DeadLetterId id, string why)
    {
        _refused++;
        Leave(id, why);
    }

    /// <summary>It stays in the file.</summary>
    void Leave(DeadLetterId id, string why)
    {
        _left++;
        output.WriteLine($"{id}  {TerminalText.Escape(why)}");
    }

    int SayMissing(string directory)
    {
        var missing = arguments.Ids.Where(id => !_taken.Contains(id)).ToList();
        foreach (var id in missing)
            error.WriteLine($"{ProductInfo.Name}: there is no dead letter {id} in {directory}");
        return missing.Count;
    }

    string Summary(string target) =>
        arguments.DryRun ? $"{_added} records would be tried with {target}, {_left} cannot be"
        : $"{_accepted.Count} records are with {target}, {_left} stay in the file{(_isWhole ? "" : "; stopped before the end")}";
}
