using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>
/// Drops letters from the files while the daemon may append and rotate. The new files are written beside the old ones without
/// the lock; with it held, what was appended meanwhile is copied, and renames put them in place. So the daemon waits for
/// milliseconds only, however large the files are, and a kill at any moment leaves each file as it was or as it should be.
/// </summary>
static class DeadLetterRewrite
{
    /// <summary>The last attempt holds the lock from the beginning, so that no rotation can come between.</summary>
    const int Attempts = 3;

    /// <summary>For the start of a daemon and of a command: the lock file is there with its eight bytes before the disk is full. Does not throw.</summary>
    public static void Prepare(string directory)
    {
        try
        {
            using var held = DeadLetterLock.TryTake(directory);
            if (held is null)
                return;
            if (held.Generation == 0)
                held.BeginGeneration();
            DeadLetterDraft.Sweep(directory);
        }
        catch (Exception e) when (e is IOException || DiskFault.IsFromDisk(e))
        {
            // Whoever needs the lock will hear of it again.
        }
    }

    /// <summary>Drops letters that are in a snapshot; what is not in it stays, whatever it is.</summary>
    /// <exception cref="IOException">A disk error, or another command does not let go. Each file is as it was, or as it should be.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static DeadLetterDrop Drop(DeadLetterSnapshot seen, Func<DeadLetterHead, bool> isDropped)
    {
        if (TryDrop(seen, null, isDropped) is { } first)
            return first;

        // A rotation or another command came between, and the files are no longer those of the snapshot.
        var letters = LettersIn(seen);
        bool InNext(DeadLetterHead head) => letters.Contains((head.Position, head.ReceivedAt, head.Time)) && isDropped(head);
        for (var attempt = 2; ; attempt++)
        {
            using var held = attempt < Attempts ? null : DeadLetterSnapshot.TakeLock(seen.Directory);
            using var snapshot = held is null ? DeadLetterSnapshot.OpenLocked(seen.Directory) : DeadLetterSnapshot.Open(seen.Directory, held);
            if (TryDrop(snapshot, held, InNext) is { } next)
                return next;
        }
    }

    /// <summary>Lines carry no number; two that agree in all of this are about one record, and whoever has seen one knows the other.</summary>
    static HashSet<(SpoolPosition Position, long ReceivedAt, DateTimeOffset Time)> LettersIn(DeadLetterSnapshot snapshot)
    {
        HashSet<(SpoolPosition, long, DateTimeOffset)> letters = [];
        using var walk = new DeadLetterWalk(snapshot);
        while (walk.TryNext())
            letters.Add((walk.Head.Position, walk.Head.ReceivedAt, walk.Head.Time));
        return letters;
    }

    /// <returns>Null when the files were others by the time they were to be replaced.</returns>
    static DeadLetterDrop? TryDrop(DeadLetterSnapshot snapshot, DeadLetterLock? held, Func<DeadLetterHead, bool> isDropped)
    {
        try
        {
            return TryReplace(snapshot, held, isDropped);
        }
        catch (Exception e) when (DiskFault.IsFull(e))
        {
            return TryOverwrite(snapshot, held, isDropped);
        }
    }

    static DeadLetterDrop? TryReplace(DeadLetterSnapshot snapshot, DeadLetterLock? held, Func<DeadLetterHead, bool> isDropped)
    {
        List<DeadLetterDraft> drafts = [];
        try
        {
            foreach (var file in snapshot.Files)
                drafts.Add(DeadLetterDraft.Make(snapshot.Directory, file, isDropped));

            var changed = drafts.FindAll(d => d.IsChanged);
            if (changed.Count == 0)
                return default(DeadLetterDrop);

            var taken = held ?? DeadLetterSnapshot.TakeLock(snapshot.Directory);
            try
            {
                if (taken.Generation != snapshot.Generation)
                    return null;

                foreach (var draft in changed)
                    draft.CatchUp();
                taken.BeginGeneration();
                foreach (var draft in changed)
                    draft.Replace();
                DirectorySync.Flush(snapshot.Directory);
            }
            finally
            {
                if (held is null)
                    taken.Dispose();
            }

            return new DeadLetterDrop(drafts.Sum(d => d.Dropped), false);
        }
        finally
        {
            foreach (var draft in drafts)
                draft.Dispose();
        }
    }

    /// <summary>
    /// Without room for another file, letters are overwritten with spaces where they stand. First their first bytes, and when
    /// those are on the disk the rest: what a kill or a loss of power leaves is a letter, or begins with a space and is none.
    /// </summary>
    static DeadLetterDrop? TryOverwrite(DeadLetterSnapshot snapshot, DeadLetterLock? held, Func<DeadLetterHead, bool> isDropped)
    {
        var taken = held ?? DeadLetterSnapshot.TakeLock(snapshot.Directory);
        try
        {
            if (taken.Generation != snapshot.Generation)
                return null;

            // Nor may another command put back what it has read before.
            taken.BeginGeneration();
            var dropped = 0L;
            foreach (var file in snapshot.Files)
                dropped += DeadLetterEraser.Erase(Path.Combine(snapshot.Directory, file.Name), file.Length, isDropped);
            return new DeadLetterDrop(dropped, true);
        }
        finally
        {
            if (held is null)
                taken.Dispose();
        }
    }
}
