using System.Globalization;

namespace Tailscale2Otel.Cli;

/// <summary>How far something is that takes long. One thread's.</summary>
/// <param name="width">Columns of the terminal.</param>
sealed class ProgressLine(TextWriter output, ProgressStyle style, Func<int> width, TimeProvider time)
{
    /// <summary>Carriage return, then erase to the end of the line (ECMA-48, EL).</summary>
    const string EraseLine = "\r\u001b[K";

    const int BarWidth = 24;

    static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan LinesInterval = TimeSpan.FromSeconds(10);

    readonly long _begun = time.GetTimestamp();
    long _shownAt = time.GetTimestamp();
    bool _isShown;

    /// <summary>A bar where standard error is a terminal.</summary>
    public static ProgressLine OnStandardError(TextWriter error, bool isQuiet, ProgressStyle elsewhere, TimeProvider time)
    {
        var isTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        return new ProgressLine(error, isQuiet ? ProgressStyle.None : isTerminal ? ProgressStyle.Bar : elsewhere, static () => Console.WindowWidth, time);
    }

    /// <param name="text">Asked only when it is shown.</param>
    public void Report(double done, Func<string> text)
    {
        if (style == ProgressStyle.None || time.GetElapsedTime(_shownAt) < (style == ProgressStyle.Bar ? BarInterval : LinesInterval))
            return;

        _shownAt = time.GetTimestamp();
        var share = Math.Clamp(double.IsNaN(done) ? 0 : done, 0, 1);
        var line = string.Create(CultureInfo.InvariantCulture, $"{share * 100,3:0} %  {text()}{Left(share)}");
        if (style == ProgressStyle.Lines)
        {
            output.WriteLine(line);
            return;
        }

        var filled = (int)(share * BarWidth);
        line = $"[{new string('#', filled)}{new string('-', BarWidth - filled)}] {line}";
        // The last column stays free: a full line would wrap, and only its second half could be written over.
        var room = Math.Max(1, width() - 1);
        output.Write(EraseLine);
        output.Write(line.Length <= room ? line : line[..room]);
        output.Flush();
        _isShown = true;
    }

    /// <summary>Takes the bar away, so that what is written next has the line for itself.</summary>
    public void End()
    {
        if (_isShown)
            output.Write(EraseLine);
        output.Flush();
        _isShown = false;
    }

    string Left(double share)
    {
        if (share is < 0.01 or 1)
            return "";

        var left = time.GetElapsedTime(_begun) * ((1 - share) / share);
        return string.Create(CultureInfo.InvariantCulture, $"  {(left.TotalHours >= 1 ? $"{left.TotalHours:0.0} h" : left.TotalMinutes >= 1 ? $"{left.TotalMinutes:0} min" : $"{left.TotalSeconds:0} s")} left");
    }
}
