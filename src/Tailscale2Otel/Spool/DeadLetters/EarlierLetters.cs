using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>
/// Letters of records that an earlier process did not pass: it ended between the letter and the cursor. Their records are ground
/// again and need no second letter. Otherwise a daemon that ends in the same place after each start would fill the file with
/// copies, which push out the others.
/// </summary>
static class EarlierLetters
{
    /// <summary>Does not throw: what cannot be read is not found, and comes twice.</summary>
    /// <param name="from">Where the delivered cursor was at the start.</param>
    /// <param name="end">Where the spool ended then: behind it are no records of an earlier process, but perhaps letters of another spool.</param>
    /// <param name="offset">Of the first of them in the current file; null when there is none.</param>
    public static HashSet<(SpoolPosition Position, long ReceivedAt, string Reason)> Find(
        string directory, DeadLetterLock held, SpoolPosition from, SpoolPosition end, out long? offset)
    {
        HashSet<(SpoolPosition, long, string)> found = [];
        offset = null;
        try
        {
            using var snapshot = DeadLetterSnapshot.Open(directory, held);
            using var walk = new DeadLetterWalk(snapshot);
            while (walk.TryNext())
            {
                if (walk.Head.Position < from || walk.Head.Position >= end)
                    continue;
                found.Add((walk.Head.Position, walk.Head.ReceivedAt, walk.Head.Reason));
                if (walk.FileName == DeadLetters.FileName)
                    offset ??= walk.Scanner.Start;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }

        return found;
    }
}
