using System.Buffers.Binary;

namespace Tailscale2Otel.Spool;

/// <summary>What the cursor file says.</summary>
/// <param name="CleanEnd">End of the spool when it was closed in order; -1 while it is open or after a crash.</param>
/// <param name="Newest">Start of the newest segment, so that its loss is seen; -1 when there was none.</param>
readonly record struct CursorState(long Delivered, long Counted, long Keyed, ulong Salt, long CleanEnd, long Newest)
{
    public const long Open = -1;
    public const long NoSegment = -1;
    public const int Size = 72;

    const uint Version = 2;

    static ReadOnlySpan<byte> Magic => "T2OC"u8;

    public long Lowest => Math.Min(Delivered, Math.Min(Counted, Keyed));

    public long Highest => Math.Max(Delivered, Math.Max(Counted, Keyed));

    public void Write(Span<byte> slot, long sequence)
    {
        Magic.CopyTo(slot);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[12..], 0);
        BinaryPrimitives.WriteInt64LittleEndian(slot[16..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(slot[24..], Delivered);
        BinaryPrimitives.WriteInt64LittleEndian(slot[32..], Counted);
        BinaryPrimitives.WriteInt64LittleEndian(slot[40..], Keyed);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[48..], Salt);
        BinaryPrimitives.WriteInt64LittleEndian(slot[56..], CleanEnd);
        BinaryPrimitives.WriteInt64LittleEndian(slot[64..], Newest);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[4..], Crc32C.Of(slot[8..Size]));
    }

    public static bool TryRead(ReadOnlySpan<byte> slot, out long sequence, out CursorState state)
    {
        (sequence, state) = (0, default);
        if (slot.Length < Size || !slot.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(slot[4..]) != Crc32C.Of(slot[8..Size])
            || BinaryPrimitives.ReadUInt32LittleEndian(slot[8..]) != Version)
            return false;

        sequence = BinaryPrimitives.ReadInt64LittleEndian(slot[16..]);
        state = new CursorState(
            BinaryPrimitives.ReadInt64LittleEndian(slot[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(slot[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[56..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[64..]));
        return state.Lowest >= 0;
    }
}
