using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>Builds a short text in the caller's memory; what does not fit is left out.</summary>
ref struct TextBuilder(Span<byte> buffer)
{
    readonly Span<byte> _buffer = buffer;
    int _length;

    public readonly ReadOnlySpan<byte> Text => _buffer[.._length];

    /// <summary>In line, so that a literal is written with its own length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(scoped ReadOnlySpan<byte> text)
    {
        if (text.TryCopyTo(_buffer[_length..]))
            _length += text.Length;
    }

    public void Add(ulong number)
    {
        if (Utf8Formatter.TryFormat(number, _buffer[_length..], out var written))
            _length += written;
    }

    public void Truncate(int length) => _length = Math.Min(_length, length);
}
