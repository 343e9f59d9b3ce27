using System.Buffers.Binary;
using System.Numerics;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>
/// The first 32 bytes of a frame; tailnet, metadata and payload follow. All numbers are little-endian.
/// <code>
///  0  u32 marker            starts with a byte that no UTF-8 text has
///  4  u32 length            of the whole frame; top bit: more frames of the same append follow
///  8  u32 CRC-32C           of byte 16 to the end of the frame; computed by the appender
/// 12  u32 seal              of the three fields above, the position and the spool's salt; computed by the writer
/// 16  i64 received at       Unix nanoseconds
/// 24  u32 metadata length
/// 28  u8 source, u8 signal, u8 flags (0), u8 tailnet length
/// </code>
/// The seal ties a frame to its place: bytes that a sender put into a payload, or that were left from before, are never taken
/// for a frame when the reader looks for the next one behind damage, and looking costs nothing per false marker.
/// </summary>
readonly struct FrameHeader
{
    public const int Size = 32;

    /// <summary>Metadata and payload of one frame together.</summary>
    public const int MaxBody = 64 * 1024 * 1024;

    public const int MaxTailnet = byte.MaxValue;
    public const int MaxFrame = Size + MaxTailnet + MaxBody;

    const uint MarkerValue = 0x465354FF;
    const uint ContinuesBit = 0x8000_0000;
    const int CheckedFrom = 16;

    public static ReadOnlySpan<byte> Marker => [0xFF, (byte)'T', (byte)'S', (byte)'F'];

    public int Length { get; private init; }

    /// <summary>The append goes on with the next frame; a spool never ends behind such a frame.</summary>
    public bool Continues { get; private init; }

    public uint Crc { get; private init; }

    public long ReceivedAt { get; private init; }

    public int MetadataLength { get; private init; }

    public RecordSource Source { get; private init; }

    public RecordSignal Signal { get; private init; }

    public int TailnetLength { get; private init; }

    /// <summary>Writes all but the seal. The bytes behind the header must be in place.</summary>
    public static void Write(Span<byte> frame, RecordSource source, RecordSignal signal, long receivedAt, int tailnetLength, int metadataLength)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, MarkerValue);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], (uint)frame.Length);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], receivedAt);
        BinaryPrimitives.WriteInt32LittleEndian(frame[24..], metadataLength);
        frame[28] = (byte)source;
        frame[29] = (byte)signal;
        frame[30] = 0;
        frame[31] = (byte)tailnetLength;
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], Crc32C.Of(frame[CheckedFrom..]));
    }

    /// <summary>Gives a frame its place. Returns its length.</summary>
    public static int Place(Span<byte> frame, long position, ulong salt, int bytesToEndOfAppend)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) & ~ContinuesBit;
        var marked = length < bytesToEndOfAppend ? length | ContinuesBit : length;
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], marked);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], Seal(salt, position, marked, BinaryPrimitives.ReadUInt32LittleEndian(frame[8..])));
        return (int)length;
    }

    /// <summary>False when these bytes are not a header written for this position.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, long position, ulong salt, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != MarkerValue)
            return false;

        var marked = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != Seal(salt, position, marked, crc))
            return false;

        header = new FrameHeader
        {
            Length = (int)(marked & ~ContinuesBit),
            Continues = (marked & ContinuesBit) != 0,
            Crc = crc,
            ReceivedAt = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            MetadataLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]),
            Source = (RecordSource)bytes[28],
            Signal = (RecordSignal)bytes[29],
            TailnetLength = bytes[31],
        };
        return header.Length <= MaxFrame && header.MetadataLength >= 0 && Size + header.TailnetLength + (long)header.MetadataLength <= header.Length;
    }

    /// <summary>Whether the content is what was appended.</summary>
    public bool Matches(ReadOnlySpan<byte> frame) => Crc32C.Of(frame[CheckedFrom..]) == Crc;

    static uint Seal(ulong salt, long position, uint length, uint crc)
    {
        var seal = BitOperations.Crc32C((uint)(salt >> 32), salt);
        seal = BitOperations.Crc32C(seal, (ulong)position);
        return BitOperations.Crc32C(seal, ((ulong)length << 32) | crc);
    }
}
