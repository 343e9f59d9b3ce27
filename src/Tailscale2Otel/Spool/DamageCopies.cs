using System.Buffers;
using System.Globalization;

namespace Tailscale2Otel.Spool;

/// <summary>The daemon's damage: counted, logged with its extent, and copied aside where there are bytes to copy.</summary>
sealed partial class DamageCopies(SpoolContext context) : SpoolDamage
{
    /// <summary>All copies together; evidence must not fill the disk that the spool needs.</summary>
    const long MaxCopied = 64 * 1024 * 1024;

    readonly Lock _gate = new();
    long _copied = -1;

    public override void Report(string reason, string segment, long from, long to, SpoolFile? file, long offset)
    {
        context.Metrics.Damaged(reason);
        var copy = file is null ? "" : Copy(file, offset, from, to);
        Log.Damaged(context.Log, reason, segment, from, to, copy.Length > 0 ? copy : "nowhere");
    }

    public override void ReportCursors(string what)
    {
        context.Metrics.Damaged(Cursors);
        Log.CursorsReset(context.Log, what);
    }

    string Copy(SpoolFile source, long offset, long from, long to)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Folder}/{from:D19}-{to:D19}.bin");
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            lock (_gate)
            {
                if (_copied < 0)
                    _copied = AlreadyCopied();
                if (_copied + (to - from) > MaxCopied)
                    return "";

                using var target = context.Directory.Create(name);
                for (long done = 0; done < to - from;)
                {
                    var read = source.Read(offset + done, buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - from - done)));
                    if (read == 0)
                        break;
                    target.Write(done, buffer.AsSpan(0, read));
                    done += read;
                    _copied += read;
                }
            }

            return name;
        }
        catch (IOException e)
        {
            Log.NotCopied(context.Log, name, e.Message);
            return "";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    long AlreadyCopied()
    {
        context.Directory.CreateDirectory(Folder);
        return context.Directory.List(Folder + "/", ".bin").Sum(f => f.Length);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The spool is damaged ({Reason}) in segment {Segment} from position {From} to {To}; these bytes are skipped. Copied to: {Copy}")]
        public static partial void Damaged(ILogger log, string reason, string segment, long from, long to, string copy);

        [LoggerMessage(LogLevel.Warning, "The spool's cursors: {What}")]
        public static partial void CursorsReset(ILogger log, string what);

        [LoggerMessage(LogLevel.Warning, "Damaged bytes could not be copied to {Name}: {Error}")]
        public static partial void NotCopied(ILogger log, string name, string error);
    }
}
