using System.Globalization;
using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Stdout;

/// <summary>Log records as text: one line each, or one attribute a line.</summary>
sealed class StdoutLogBatch(bool pretty) : LogBatch
{
    readonly StringBuilder _text = new();
    readonly StringBuilder _attributes = new();

    /// <summary>Where the text of each record ends.</summary>
    readonly List<int> _ends = [];
    LogHeader _header;
    string _body = "";

    public override int Count => _ends.Count;

    public override long Bytes => _text.Length;

    public string Text => _text.ToString();

    public override void Begin(in LogHeader header)
    {
        _header = header;
        _body = "";
        _attributes.Clear();
    }

    public override void Body(ReadOnlySpan<byte> utf8) => _body = Printable(utf8);

    public override void JsonBody(ReadOnlySpan<byte> json) => _body = Printable(json);

    public override void Add(Utf8Name key, ReadOnlySpan<byte> utf8)
    {
        if (!utf8.IsEmpty)
            Add(key.Text, Quoted(Printable(utf8)));
    }

    public override void Add(Utf8Name key, long value) => Add(key.Text, value.ToString(CultureInfo.InvariantCulture));

    public override void Add(Utf8Name key, double value) => Add(key.Text, value.ToString(CultureInfo.InvariantCulture));

    public override void Add(Utf8Name key, bool value) => Add(key.Text, value ? "true" : "false");

    public override void AddJson(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json)
    {
        if (!json.SequenceEqual("null"u8) && !json.SequenceEqual("\"\""u8))
            Add(Printable(key), Printable(json));
    }

    public override void End()
    {
        _text.Append(Time()).Append(' ').Append(Severity().PadRight(5)).Append(' ').Append(_header.EventName.Text);
        if (_body.Length > 0)
            _text.Append(pretty ? "\n    " : ": ").Append(_body);
        if (!pretty && _attributes.Length > 0)
            _text.Append("  |");
        _text.Append(_attributes).Append('\n');
        _ends.Add(_text.Length);
    }

    public override void CutBack(int count)
    {
        _ends.RemoveRange(count, _ends.Count - count);
        _text.Length = count == 0 ? 0 : _ends[^1];
    }

    public override void Dispose()
    {
        _text.Clear();
        _attributes.Clear();
        _ends.Clear();
    }

    void Add(string key, string value) => _attributes.Append(pretty ? "\n    " : " ").Append(key).Append('=').Append(value);

    string Severity() => _header.Severity switch
    {
        LogSeverity.Error => "ERROR",
        LogSeverity.Warn => "WARN",
        _ => "INFO",
    };

    string Time()
    {
        var nanoseconds = _header.Time != 0 ? _header.Time : _header.ObservedTime;
        return DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    static string Quoted(string value) => value.AsSpan().ContainsAny(" \"=") ? $"\"{value.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : value;

    /// <summary>Nothing from outside may move the cursor of an operator's terminal or begin a line.</summary>
    static string Printable(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8);
        if (!text.Any(char.IsControl))
            return text;

        var result = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (char.IsControl(c))
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                result.Append(c);
        }

        return result.ToString();
    }
}
