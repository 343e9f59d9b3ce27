using System.Buffers.Binary;
using System.Globalization;

namespace Tailscale2Otel.Spool;

/// <summary>
/// The first 40 bytes of a segment file: magic (8), version (4), CRC-32C of what follows (4), start position (8), where the
/// segment before it ended (8), salt (8). A gap between that end and the start is what an unclean stop left out.
/// </summary>
readonly record struct SegmentHeader(long Start, long PreviousEnd, ulong Salt)
{
    public const int Size = 40;
    public const string Suffix = ".seg";

    const uint Version = 1;
    const int DigitsOfName = 19;

    static ReadOnlySpan<byte> Magic => "TS2OSPL\n"u8;

    /// <summary>Names sort like positions.</summary>
    public static string NameOf(long start) => start.ToString("D19", CultureInfo.InvariantCulture) + Suffix;

    public static bool TryParseName(string name, out long start)
    {
        start = 0;
        return name.Length == DigitsOfName + Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, DigitsOfName), NumberStyles.None, CultureInfo.InvariantCulture, out start);
    }

    public void Write(Span<byte> destination)
    {
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], Start);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], PreviousEnd);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[32..], Salt);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], Crc32C.Of(destination[16..Size]));
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, out SegmentHeader header)
    {
        header = default;
        if (bytes.Length < Size || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != Crc32C.Of(bytes[16..Size]))
            return false;

        header = new SegmentHeader(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]));
        return true;
    }
}
