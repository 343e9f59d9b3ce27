using Microsoft.Win32.SafeHandles;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>Overwrites dead letters where they stand, for a disk that has no room for another file.</summary>
static class DeadLetterEraser
{
    static readonly byte[] Spaces = [.. Enumerable.Repeat((byte)' ', 64 * 1024)];

    /// <param name="length">Nothing at or behind this offset is touched.</param>
    /// <returns>How many letters.</returns>
    /// <exception cref="IOException">A disk error; each letter is as it was, or begins with a space.</exception>
    public static long Erase(string path, long length, Func<DeadLetterHead, bool> isDropped)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var dropped = 0L;
        using (var scanner = new DeadLetterScanner(file, length))
        {
            while (scanner.TryNext())
            {
                if (scanner.IsBlank || !DeadLetterHead.TryParse(scanner.Head, out var head) || !isDropped(head))
                    continue;
                RandomAccess.Write(file, Spaces.AsSpan(0, 1), scanner.Start);
                dropped++;
            }
        }

        RandomAccess.FlushToDisk(file);
        using (var scanner = new DeadLetterScanner(file, length))
        {
            while (scanner.TryNext())
            {
                if (scanner.IsBlank)
                    Overwrite(file, scanner.Start, scanner.Next - 1);
            }
        }

        RandomAccess.FlushToDisk(file);
        return dropped;
    }

    static void Overwrite(SafeFileHandle file, long from, long to)
    {
        for (; from < to; from += Spaces.Length)
            RandomAccess.Write(file, Spaces.AsSpan(0, (int)Math.Min(Spaces.Length, to - from)), from);
    }
}
