namespace Tailscale2Otel.Tailscale;

/// <summary>
/// Looks for the end of a JSON object, array or text that comes in pieces and is kept by nobody: it follows brackets and quotes, and
/// judges nothing else.
/// </summary>
struct ElementScan
{
    int _depth;
    bool _isInText;
    bool _isEscaped;

    /// <summary>Whether what begins so has an end that can be looked for.</summary>
    public static bool CanFollow(byte first) => first is (byte)'{' or (byte)'[' or (byte)'"';

    /// <summary>Where the element ends in the next piece, -1 when it does not.</summary>
    public int End(ReadOnlySpan<byte> piece)
    {
        for (var at = 0; at < piece.Length; at++)
        {
            if (_isEscaped)
            {
                _isEscaped = false;
                continue;
            }

            var next = _isInText ? piece[at..].IndexOfAny("\"\\"u8) : piece[at..].IndexOfAny("\"{}[]"u8);
            if (next < 0)
                return -1;
            at += next;
            if (IsEnd(piece[at]))
                return at + 1;
        }

        return -1;
    }

    bool IsEnd(byte mark)
    {
        switch (mark)
        {
            case (byte)'\\':
                _isEscaped = true;
                return false;
            case (byte)'"':
                _isInText = !_isInText;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                break;
            default:
                _depth--;
                break;
        }

        return _depth == 0 && !_isInText;
    }
}
