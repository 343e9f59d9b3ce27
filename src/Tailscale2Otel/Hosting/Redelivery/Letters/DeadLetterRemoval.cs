using Tailscale2Otel.Cli;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Hosting.Redelivery.Letters;

/// <summary><c>dead-letters drop</c>: what was there when it began and is meant, and nothing that came meanwhile.</summary>
/// <param name="ask">Null where there is nobody to ask.</param>
sealed class DeadLetterRemoval(DeadLetterArguments arguments, TextWriter output, TextWriter error, Func<string, bool>? ask)
{
    public int Run(string directory, CancellationToken stop)
    {
        // Who names records has seen them; who says "all" or a filter may not know how many that are.
        var mustAsk = arguments.Ids.Count == 0 && !arguments.Yes;
        if (mustAsk && ask is null)
        {
            error.WriteLine($"{ProductInfo.Name}: drop with --all or filters needs --yes where there is no terminal to ask on");
            return ExitCode.Usage;
        }

        using var snapshot = DeadLetterSnapshot.OpenLocked(directory);
        var missing = Find(snapshot, out var count, stop);
        foreach (var id in missing)
            error.WriteLine($"{ProductInfo.Name}: there is no dead letter {id} in {directory}");

        if (count > 0 && mustAsk && !ask!($"Drop {count} dead letters in {directory} for good?"))
        {
            error.WriteLine("Nothing was dropped.");
            return ExitCode.Failed;
        }

        stop.ThrowIfCancellationRequested();
        Drop(snapshot, arguments.Selects, output);
        return missing.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <summary>Drops, and says so.</summary>
    public static void Drop(DeadLetterSnapshot snapshot, Func<DeadLetterHead, bool> isDropped, TextWriter output)
    {
        var dropped = DeadLetterRewrite.Drop(snapshot, isDropped);
        output.WriteLine($"{dropped.Letters} dead letters dropped from the file");
        if (dropped.IsInPlace)
            output.WriteLine("The disk is full, so that they were overwritten where they stood: the next drop or retry that finds room makes the file smaller.");
    }

    HashSet<DeadLetterId> Find(DeadLetterSnapshot snapshot, out long count, CancellationToken stop)
    {
        HashSet<DeadLetterId> missing = [.. arguments.Ids];
        count = 0;
        using var walk = new DeadLetterWalk(snapshot);
        while (walk.TryNext())
        {
            stop.ThrowIfCancellationRequested();
            if (!arguments.Selects(walk.Head))
                continue;
            count++;
            missing.Remove(walk.Head.Id);
        }

        return missing;
    }
}
