using System.Buffers.Binary;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// The last eight bytes of a gzip body are the CRC-32 and the length of the last member (RFC 1952, section 2.3.1). If they are
/// not, something stands behind that member which the decoder passed over.
/// </summary>
static class GzipTrailer
{
    static readonly uint[] Table = MakeTable();

    public static bool Matches(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> content)
    {
        // Nothing is no member; the caller answers that there is no data.
        if (wire.IsEmpty)
            return true;
        if (wire.Length < 8)
            return false;

        var length = BinaryPrimitives.ReadUInt32LittleEndian(wire[^4..]);
        if (length == content.Length && length > 0)
            return true;

        // Not a single member: the last one's content is at the end.
        return length <= content.Length && Crc32(content[^(int)length..]) == BinaryPrimitives.ReadUInt32LittleEndian(wire[^8..]);
    }

    static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
            crc = Table[(byte)crc ^ b] ^ (crc >> 8);
        return ~crc;
    }

    static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
            table[i] = value;
        }

        return table;
    }
}
