using System.Text;

namespace Tailscale2Otel.Model;

/// <summary>An attribute key or event name, encoded once. Names are few and static: make them fields, not locals.</summary>
sealed class Utf8Name(string text)
{
    /// <summary>What <see cref="Padded"/> has at least: nearly all names are shorter.</summary>
    public const int PaddedLength = 32;

    readonly byte[] _bytes = Pad(Encoding.UTF8.GetBytes(text));

    public string Text { get; } = text;

    public int Length { get; } = Encoding.UTF8.GetByteCount(text);

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>The name with zeros behind it: one copy of a fixed size is several times quicker than one of a size that varies.</summary>
    public ReadOnlySpan<byte> Padded => _bytes;

    public override string ToString() => Text;

    static byte[] Pad(byte[] name)
    {
        Array.Resize(ref name, Math.Max(name.Length, PaddedLength));
        return name;
    }
}
