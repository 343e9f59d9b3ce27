using System.Buffers.Text;

namespace Tailscale2Otel.Processing;

/// <summary>
/// A JSON number as its value: sign, significant digits, power of ten. Exact, since neither 64-bit counters nor long fractions
/// survive a double: 1, 1.0 and 10e-1 become 1; 1500 becomes 15e2.
/// </summary>
static class CanonicalNumber
{
    /// <summary>Exponents of more digits are kept as they are written; no sum of them and a digit count can overflow below.</summary>
    const int MaxExponentDigits = 15;

    /// <param name="number">As JSON allows it.</param>
    public static void Write(ReadOnlySpan<byte> number, PooledBytes output)
    {
        var mantissa = number;
        long exponent = 0;
        var e = number.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0)
        {
            mantissa = number[..e];
            var digits = number[(e + 1)..].TrimStart("+-0"u8);
            if (digits.Length > MaxExponentDigits)
            {
                output.Write(number);
                return;
            }

            _ = Utf8Parser.TryParse(digits, out exponent, out _);
            if (number[e + 1] == '-')
                exponent = -exponent;
        }

        var isNegative = mantissa[0] == '-';
        if (isNegative)
            mantissa = mantissa[1..];
        WriteDigits(mantissa, exponent, isNegative, output);
    }

    static void WriteDigits(ReadOnlySpan<byte> mantissa, long exponent, bool isNegative, PooledBytes output)
    {
        var point = mantissa.IndexOf((byte)'.');
        var digits = output.Reserve(mantissa.Length + 1)[1..];
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? default : mantissa[(point + 1)..];
        whole.CopyTo(digits);
        fraction.CopyTo(digits[whole.Length..]);
        var count = whole.Length + fraction.Length;
        exponent -= fraction.Length;

        var significant = digits[..count].TrimStart((byte)'0');
        var trimmed = significant.TrimEnd((byte)'0');
        exponent += significant.Length - trimmed.Length;
        if (trimmed.IsEmpty)
        {
            output.Write((byte)'0');
            return;
        }

        // The digits stand behind the end of the output, one byte on so that a sign has room: move them to their place.
        var destination = output.Reserve(trimmed.Length + 1);
        if (isNegative)
            output.Write((byte)'-');
        trimmed.CopyTo(destination[(isNegative ? 1 : 0)..]);
        output.Advance(trimmed.Length);
        if (exponent != 0)
            WriteExponent(exponent, output);
    }

    static void WriteExponent(long exponent, PooledBytes output)
    {
        output.Write((byte)'e');
        _ = Utf8Formatter.TryFormat(exponent, output.Reserve(20), out var length);
        output.Advance(length);
    }
}
