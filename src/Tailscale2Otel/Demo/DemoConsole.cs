namespace Tailscale2Otel.Demo;

/// <summary>
/// What a person sees. On a terminal the progress is one line at the bottom that is written over; into a pipe or file it is a
/// line every few seconds. Thread-safe.
/// </summary>
/// <param name="width">Columns of the terminal.</param>
sealed class DemoConsole(TextWriter output, bool isTerminal, Func<int> width, TimeProvider time)
{
    /// <summary>Carriage return, then erase to the end of the line (ECMA-48, EL).</summary>
    const string EraseLine = "\r\u001b[K";

    const string Ellipsis = "…";

    /// <summary>Where nothing says how wide a line may be.</summary>
    const int PipedWidth = 120;

    static readonly TimeSpan PipedInterval = TimeSpan.FromSeconds(5);

    readonly Lock _gate = new();
    string _progress = "";
    long _progressAt = time.GetTimestamp();

    /// <summary>Columns to fill.</summary>
    public int Width => isTerminal ? Math.Max(1, width()) : PipedWidth;

    /// <param name="text">May be several lines.</param>
    public void Line(string text)
    {
        lock (_gate)
        {
            if (_progress.Length > 0)
                output.Write(EraseLine);
            output.WriteLine(text);
            if (_progress.Length > 0)
                output.Write(_progress);
            output.Flush();
        }
    }

    public void Progress(string text)
    {
        lock (_gate)
        {
            if (isTerminal)
            {
                // The last column stays free: a full line would wrap, and only its second half could be written over.
                _progress = Cut(text, Math.Max(1, Width - 1));
                output.Write(EraseLine);
                output.Write(_progress);
            }
            else if (time.GetElapsedTime(_progressAt) >= PipedInterval)
            {
                _progressAt = time.GetTimestamp();
                output.WriteLine(text);
            }

            output.Flush();
        }
    }

    /// <summary>Takes the progress line away for good.</summary>
    public void EndProgress()
    {
        lock (_gate)
        {
            if (_progress.Length > 0)
                output.Write(EraseLine);
            _progress = "";
            output.Flush();
        }
    }

    /// <summary>The text, or its beginning and an ellipsis.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - Ellipsis.Length)] + Ellipsis;
}
