using System.Globalization;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>
/// Whether a window would know an event if it had come before. It would, when it has taken note of everything since the event
/// happened: it was there by then, the event is not older than the window is long, and no key had to go for lack of room.
/// </summary>
/// <param name="since">Unix nanoseconds from which on the window has taken note of everything.</param>
sealed class WindowMemory(DeduplicationWindow window, long since, TimeSpan length)
{
    const string FileName = "since";
    const string Temporary = "since.tmp";

    readonly long _length = length.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>
    /// Reads from beside the keys since when the window is as it is; a window that is new, was given more room or lost keys
    /// starts to count now.
    /// </summary>
    /// <param name="directory">That of the window's keys.</param>
    /// <param name="now">Unix nanoseconds.</param>
    /// <exception cref="IOException">The directory cannot be written to.</exception>
    public static WindowMemory Open(DeduplicationOptions options, DeduplicationWindow window, string directory, Action<string> flushDirectory, long now)
    {
        var path = Path.Combine(directory, FileName);
        var limits = (Keys: (long)options.MaxKeys, Seconds: (long)options.Window.TotalSeconds);
        var isKnown = TryRead(path, out var keys, out var seconds, out var since) && limits.Keys <= keys && limits.Seconds <= seconds && since <= now;
        if (!isKnown || !window.IsWhole)
            since = now;
        if (since == now || limits != (keys, seconds))
            Write(path, string.Create(CultureInfo.InvariantCulture, $"{limits.Keys} {limits.Seconds} {since}\n"), flushDirectory);
        return new WindowMemory(window, since, options.Window);
    }

    /// <param name="happenedAt">Unix nanoseconds, with something taken off for the clocks.</param>
    /// <param name="receivedAt">Unix nanoseconds of the record that is looked at, after it was claimed.</param>
    public bool Covers(long happenedAt, long receivedAt) => happenedAt >= since && happenedAt >= receivedAt - _length && !window.IsFull;

    static bool TryRead(string path, out long keys, out long seconds, out long since)
    {
        (keys, seconds, since) = (0, 0, 0);
        if (!File.Exists(path))
            return false;

        Span<byte> text = stackalloc byte[128];
        using var file = File.OpenRead(path);
        var words = System.Text.Encoding.ASCII.GetString(text[..file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)]).Split(' ', '\n');
        return words is [var a, var b, var c, ""] && TryParse(a, out keys) && TryParse(b, out seconds) && TryParse(c, out since);
    }

    static bool TryParse(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    static void Write(string path, string text, Action<string> flushDirectory)
    {
        var directory = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(directory);
        var temporary = Path.Combine(directory, Temporary);
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, System.Text.Encoding.ASCII.GetBytes(text), 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(temporary, path, overwrite: true);
        flushDirectory(directory);
    }
}
