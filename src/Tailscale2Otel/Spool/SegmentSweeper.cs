namespace Tailscale2Otel.Spool;

/// <summary>Deletes segments that no cursor needs: when they are old, or earlier when space is wanted. The writer's.</summary>
sealed partial class SegmentSweeper(SpoolContext context, SegmentTable table, DiskSpoolCursors cursors)
{
    /// <param name="active">Never deleted.</param>
    /// <param name="wanted">More disk space is needed than there is: age does not matter.</param>
    /// <returns>Whether anything was deleted.</returns>
    public bool Sweep(Segment? active, bool wanted)
    {
        var deleted = 0;
        var oldestKept = context.Time.GetUtcNow().ToUnixTimeMilliseconds() - (long)context.Limits.Retention.TotalMilliseconds;
        var lowest = cursors.Lowest;
        foreach (var segment in table.Snapshot)
        {
            if (segment == active || segment.End > lowest)
                break;
            if (segment.LastAppend > oldestKept && !wanted && table.BytesOnDisk <= context.Limits.MaxBytes)
                break;
            if (!TryDelete(segment))
                break;
            deleted++;
        }

        return deleted > 0;
    }

    /// <summary>The file goes first: a segment that cannot be deleted stays in the spool and in its size.</summary>
    bool TryDelete(Segment segment)
    {
        segment.IsLeaving = true;
        try
        {
            context.Directory.Delete(segment.Name);
        }
        catch (IOException e)
        {
            segment.IsLeaving = false;
            Log.NotDeleted(context.Log, segment.Name, e.Message);
            return false;
        }

        table.RemoveOldest();
        return true;
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The delivered segment {Name} cannot be deleted: {Error}")]
        public static partial void NotDeleted(ILogger log, string name, string error);
    }
}
