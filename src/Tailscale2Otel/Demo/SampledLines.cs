using System.Globalization;
using System.Text;

namespace Tailscale2Otel.Demo;

/// <summary>
/// A writer that shows some lines of every second and says how many more there were, so that a person can read along at any
/// rate. Of one kind it shows one line, and none when it has shown one the time before, so that the rare kinds have their turn.
/// Thread-safe as far as callers write whole lines.
/// </summary>
/// <param name="noun">What a line is, in the plural.</param>
/// <param name="kindOf">The kind of a line; null when it is only worth counting.</param>
/// <param name="layout">What a line looks like.</param>
sealed class SampledLines(DemoConsole console, int linesPerSecond, string noun, Func<string, string?> kindOf, Func<string, string> layout, TimeProvider time)
    : TextWriter(CultureInfo.InvariantCulture)
{
    /// <summary>Of a longer line the rest is not kept.</summary>
    const int MaxLine = 4000;

    static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    readonly StringBuilder _line = new();
    long _windowStart = time.GetTimestamp();
    HashSet<string> _shown = new(StringComparer.Ordinal);
    HashSet<string> _shownBefore = new(StringComparer.Ordinal);
    int _more;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_gate)
        {
            for (var end = buffer.IndexOf('\n'); end >= 0; end = buffer.IndexOf('\n'))
            {
                Append(buffer[..end]);
                EndLine();
                buffer = buffer[(end + 1)..];
            }

            Append(buffer);
        }
    }

    public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return Task.CompletedTask;
    }

    public override Task FlushAsync() => Task.CompletedTask;

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void WriteLine() => Write('\n');

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine(ReadOnlySpan<char> buffer) => Write(string.Concat(buffer, "\n"));

    /// <summary>Says how many lines were left out, once their second has passed.</summary>
    public void Tick()
    {
        lock (_gate)
            Turn();
    }

    /// <summary>Says how many lines were left out so far.</summary>
    public void Finish()
    {
        lock (_gate)
            SayMore();
    }

    void Append(ReadOnlySpan<char> text) => _line.Append(text[..Math.Min(text.Length, MaxLine - _line.Length)]);

    void EndLine()
    {
        Turn();
        if (_shown.Count >= linesPerSecond || !TryShow(_line.ToString().TrimEnd('\r')))
            _more++;
        _line.Clear();
    }

    bool TryShow(string line)
    {
        if (kindOf(line) is not { } kind || _shownBefore.Contains(kind) || !_shown.Add(kind))
            return false;
        console.Line(layout(line));
        return true;
    }

    void Turn()
    {
        if (time.GetElapsedTime(_windowStart) < Window)
            return;
        SayMore();
        _windowStart = time.GetTimestamp();
        if (_shown.Count == 0)
            return;
        (_shown, _shownBefore) = (_shownBefore, _shown);
        _shown.Clear();
    }

    void SayMore()
    {
        if (_more > 0)
            console.Line($"  … and {_more.ToString("N0", CultureInfo.InvariantCulture)} more {noun}");
        _more = 0;
    }
}
