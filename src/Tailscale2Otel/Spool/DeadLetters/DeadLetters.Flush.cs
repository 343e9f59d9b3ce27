using Microsoft.Win32.SafeHandles;

namespace Tailscale2Otel.Spool.DeadLetters;

sealed partial class DeadLetters
{
    /// <summary>Offset of the first line that no flush has taken; null when there is none.</summary>
    long? _unflushedFrom;
    bool _hasFailedFlush;

    /// <summary>Makes what was written to an open file survive a loss of power; throws as <see cref="RandomAccess.FlushToDisk"/> does.</summary>
    public Action<SafeFileHandle> FlushFile { private get; init; } = RandomAccess.FlushToDisk;

    /// <summary>
    /// Makes the lines written so far survive a loss of power; costs nothing when there are none. Does not throw. It needs no
    /// lock unless the last flush failed: what a rotation or a command moves elsewhere is flushed there before the name changes.
    /// </summary>
    /// <returns>False when the disk did not take them, or the lock is needed and somebody else's: try again later.</returns>
    public bool TryFlush()
    {
        lock (_gate)
        {
            if (_unflushedFrom is null)
            {
                // Room may have come back long after the last letter.
                ReserveAgain();
                return true;
            }

            try
            {
                using var held = _hasFailedFlush ? DeadLetterLock.TryTake(_directory, LockPatience) : null;
                if (_hasFailedFlush && held is null)
                    return false;
                using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                Flush(file);
            }
            catch (FileNotFoundException)
            {
                // Everything in it was dropped.
                (_unflushedFrom, _hasFailedFlush) = (null, false);
            }
            catch (Exception e) when (e is IOException || DiskFault.IsFromDisk(e))
            {
                Fail(e);
                return false;
            }

            ReserveAgain();
            return true;
        }
    }

    /// <summary>Who calls it after a flush that failed holds the lock.</summary>
    void Flush(SafeFileHandle file)
    {
        // A page that the kernel has dropped reads as zeros, which no line contains.
        if (_hasFailedFlush && !WriteAgain(file, _unflushedFrom ?? RandomAccess.GetLength(file)))
            throw new IOException("the disk has lost what it had taken; after a restart it is written again");

        _hasFailedFlush = true;
        FlushFile(file);
        (_unflushedFrom, _hasFailedFlush) = (null, false);
    }

    /// <summary>
    /// After a failed flush the kernel may call pages clean that it has not written (lwn.net/Articles/752063): the next one then
    /// succeeds and proves nothing, unless they were written again. The caller holds the lock, so that nothing comes back which a
    /// command has overwritten.
    /// </summary>
    /// <param name="from">Offset; everything behind it is written.</param>
    /// <returns>False when there were zeros in it.</returns>
    static bool WriteAgain(SafeFileHandle file, long from)
    {
        var block = new byte[64 * 1024];
        var isText = true;
        for (var offset = from; RandomAccess.Read(file, block, offset) is > 0 and var read; offset += read)
        {
            isText &= !block.AsSpan(0, read).Contains((byte)0);
            RandomAccess.Write(file, block.AsSpan(0, read), offset);
        }

        return isText;
    }
}
