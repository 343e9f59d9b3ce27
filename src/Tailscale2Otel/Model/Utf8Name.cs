using System.Text;

namespace Tailscale2Otel.Model;

/// <summary>An attribute key or event name, encoded once. Names are few and static: make them fields, not locals.</summary>
sealed class Utf8Name(string text)
{
    readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);

    public string Text { get; } = text;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public override string ToString() => Text;
}
