using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// Passes over rows of a traffic array, which are most of what a tailnet streams, in a fraction of the JSON reader's time. A row
/// is an object of plain strings (no escapes) and whole numbers, without white space; whatever else there is, wrong things
/// included, is left to the reader. Nothing is passed that the reader would not take. The bytes must be valid UTF-8.
/// </summary>
static class FlatRowScanner
{
    /// <param name="at">Behind the array's opening bracket.</param>
    /// <param name="limit">Goes on to no more rows than this and one.</param>
    /// <param name="rows">Rows passed.</param>
    /// <returns>
    /// Where a reader that stands behind the opening bracket has to go on: at a row or at the closing bracket. Negative when no
    /// reader could.
    /// </returns>
    public static int Skip(ReadOnlySpan<byte> body, int at, int limit, out int rows)
    {
        for (rows = 0; rows <= limit; rows++)
        {
            var end = Row(body, at);
            if (end < 0)
                return at;

            var next = SkipSpace(body, end);
            if (next < body.Length && body[next] == ']')
            {
                rows++;
                return next;
            }

            if (next >= body.Length || body[next] != ',')
                return -1;
            at = SkipSpace(body, next + 1);
            if (at < body.Length && body[at] == ']')
                return -1;
        }

        return at;
    }

    /// <returns>Behind the row; negative when it is not one in the plain form.</returns>
    static int Row(ReadOnlySpan<byte> body, int at)
    {
        if (at >= body.Length || body[at] != '{')
            return -1;

        while (true)
        {
            at = Text(body, at + 1);
            if ((uint)at >= (uint)body.Length || body[at] != ':')
                return -1;
            at = at + 1 < body.Length && body[at + 1] == '"' ? Text(body, at + 1) : Number(body, at + 1);
            if ((uint)at >= (uint)body.Length)
                return -1;
            if (body[at] == '}')
                return at + 1;
            if (body[at] != ',')
                return -1;
        }
    }

    /// <returns>Behind the closing quote; negative when this is no string, or none in the plain form.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Text(ReadOnlySpan<byte> body, int at)
    {
        if (at >= body.Length || body[at] != '"')
            return -1;

        for (at++; body.Length - at >= Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            var window = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(body), (nuint)at);
            var special = (Vector256.Equals(window, Vector256.Create((byte)'"'))
                | Vector256.Equals(window, Vector256.Create((byte)'\\'))
                | Vector256.LessThan(window, Vector256.Create((byte)' '))).ExtractMostSignificantBits();
            if (special == 0)
                continue;

            at += BitOperations.TrailingZeroCount(special);
            return body[at] == '"' ? at + 1 : -1;
        }

        return -1;
    }

    /// <returns>Behind the last digit; negative when there is none, or a needless zero before others.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Number(ReadOnlySpan<byte> body, int at)
    {
        var start = at;
        while (body.Length - at >= sizeof(ulong))
        {
            var digits = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(body), at)) ^ 0x3030_3030_3030_3030;
            // The lowest marked byte is the first that is no digit; a carry marks only what is behind one.
            var others = ((digits + 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
            if (others == 0)
            {
                at += sizeof(ulong);
                continue;
            }

            at += BitOperations.TrailingZeroCount(others) >> 3;
            return at == start || (at - start > 1 && body[start] == '0') ? -1 : at;
        }

        return -1;
    }

    static int SkipSpace(ReadOnlySpan<byte> body, int at)
    {
        while (at < body.Length && body[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        return at;
    }
}
