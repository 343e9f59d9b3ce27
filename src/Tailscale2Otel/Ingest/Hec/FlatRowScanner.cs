using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// Passes over rows of a traffic array, which are most of what a tailnet streams, 64 bytes at a time. A row is an object of
/// plain strings (no escapes) and whole numbers, without white space; whatever else there is, wrong things included, is left
/// to the JSON reader. Nothing is passed that the reader would not take. The bytes must be valid UTF-8.
/// <para>
/// Each kind of byte outside strings is a mask of 64 bits, and the grammar is which kind may stand behind which: a mask shifted
/// by one says where its successors are. Langdale and Lemire, "Parsing Gigabytes of JSON per Second" (arXiv:1902.08318),
/// section 3.1, has the masks; since rows are flat, the same is enough here to know that they are well formed.
/// </para>
/// </summary>
static class FlatRowScanner
{
    const int Block = 64;

    /// <param name="at">Behind the array's opening bracket.</param>
    /// <param name="limit">Goes on to no block behind the one in which there are more rows than this.</param>
    /// <param name="rows">Rows before the returned place.</param>
    /// <returns>Where a reader that stands behind the opening bracket has to go on: at a row or at the closing bracket.</returns>
    public static int Skip(ReadOnlySpan<byte> body, int at, int limit, out int rows)
    {
        rows = 0;
        if (at >= body.Length || body[at] != '{')
            return at;

        var row = at;
        var state = State.Start;
        for (; body.Length - at >= Block; at += Block)
        {
            var masks = Read(ref Unsafe.Add(ref MemoryMarshal.GetReference(body), at));
            var wrong = state.Follow(masks, out var opening, out var end);
            var good = wrong == 0 ? ulong.MaxValue : (wrong & (~wrong + 1)) - 1;
            if (end != 0 && (good & end) != 0)
            {
                rows += BitOperations.PopCount(opening & (end - 1));
                return at + BitOperations.TrailingZeroCount(end);
            }

            // The reader looks at the last row again, which may well be sound; only what is behind it is known not to be plain.
            opening &= good;
            rows += BitOperations.PopCount(opening);
            if (opening != 0)
                row = at + BitOperations.Log2(opening);
            if (wrong != 0 || rows > limit)
                break;
        }

        rows = Math.Max(rows - 1, 0);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Masks Read(ref byte first)
    {
        var bytes = Vector512.LoadUnsafe(ref first);
        return new Masks
        {
            Quotes = Vector512.Equals(bytes, Vector512.Create((byte)'"')).ExtractMostSignificantBits(),
            Special = (Vector512.Equals(bytes, Vector512.Create((byte)'\\')) | Vector512.LessThan(bytes, Vector512.Create((byte)' '))).ExtractMostSignificantBits(),
            Opening = Vector512.Equals(bytes, Vector512.Create((byte)'{')).ExtractMostSignificantBits(),
            Closing = Vector512.Equals(bytes, Vector512.Create((byte)'}')).ExtractMostSignificantBits(),
            Colons = Vector512.Equals(bytes, Vector512.Create((byte)':')).ExtractMostSignificantBits(),
            Commas = Vector512.Equals(bytes, Vector512.Create((byte)',')).ExtractMostSignificantBits(),
            Digits = Vector512.LessThan(bytes - Vector512.Create((byte)'0'), Vector512.Create((byte)10)).ExtractMostSignificantBits(),
            Zeros = Vector512.Equals(bytes, Vector512.Create((byte)'0')).ExtractMostSignificantBits(),
            Ends = Vector512.Equals(bytes, Vector512.Create((byte)']')).ExtractMostSignificantBits(),
        };
    }

    /// <summary>Where the bytes of each kind are in a block, inside strings as well.</summary>
    struct Masks
    {
        public ulong Quotes, Special, Opening, Closing, Colons, Commas, Digits, Zeros, Ends;
    }

    /// <summary>What the next block has to know of the last: its kinds, of which the highest bit stands before the next's lowest.</summary>
    struct State
    {
        ulong _opening, _closing, _colons, _memberCommas, _rowCommas, _digits, _leadingZeros, _keyEnds, _valueEnds;

        /// <summary>All ones when the last block ended inside a string.</summary>
        ulong _inString;
        bool _inKey;

        /// <summary>As behind the comma of another row.</summary>
        public static State Start => new() { _rowCommas = 1UL << 63 };

        /// <param name="opening">Where rows begin.</param>
        /// <param name="end">The bracket that closes the array; 0 when there is none.</param>
        /// <returns>Bytes that may not stand where they do, up to the bracket.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Follow(in Masks masks, out ulong opening, out ulong end)
        {
            // From each opening quote up to the byte before the closing one.
            var strings = PrefixXor(masks.Quotes) ^ _inString;
            var starts = masks.Quotes & strings;
            var ends = masks.Quotes & ~strings;
            var outside = ~(strings | ends);

            opening = masks.Opening & outside;
            var closing = masks.Closing & outside;
            var colons = masks.Colons & outside;
            var digits = masks.Digits & outside;
            var rowCommas = masks.Commas & outside & Behind(closing, _closing);
            var memberCommas = masks.Commas & outside & ~rowCommas;
            var brackets = masks.Ends & outside;
            end = brackets & (~brackets + 1);

            // A one added to the first bit of a string runs through it and comes out at its closing quote.
            var keys = starts & (Behind(opening, _opening) | Behind(memberCommas, _memberCommas));
            var carried = strings + (keys | (_inKey ? 1UL : 0));
            var keyEnds = carried & ends;
            var valueEnds = ends & ~keyEnds;
            var leadingZeros = masks.Zeros & outside & Behind(colons, _colons);
            var behindValue = Behind(valueEnds, _valueEnds) | Behind(digits, _digits);

            var wrong = masks.Special
                | (outside & ~(opening | closing | colons | digits | rowCommas | memberCommas | brackets))
                | (starts & ~(keys | Behind(colons, _colons)))
                | (opening & ~Behind(rowCommas, _rowCommas))
                | (closing & ~behindValue)
                | (memberCommas & ~behindValue)
                | (colons & ~Behind(keyEnds, _keyEnds))
                | (digits & ~(Behind(colons, _colons) | (Behind(digits, _digits) & ~Behind(leadingZeros, _leadingZeros))))
                | (brackets & ~Behind(closing, _closing));

            (_opening, _closing, _colons, _digits, _rowCommas, _memberCommas) = (opening, closing, colons, digits, rowCommas, memberCommas);
            (_leadingZeros, _keyEnds, _valueEnds) = (leadingZeros, keyEnds, valueEnds);
            _inString = (ulong)((long)strings >> 63);
            _inKey = carried < strings;
            return end == 0 ? wrong : wrong & (end | (end - 1));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static ulong Behind(ulong mask, ulong before) => (mask << 1) | (before >> 63);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static ulong PrefixXor(ulong bits)
        {
            bits ^= bits << 1;
            bits ^= bits << 2;
            bits ^= bits << 4;
            bits ^= bits << 8;
            bits ^= bits << 16;
            return bits ^ (bits << 32);
        }
    }
}
