using System.Buffers.Binary;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>What a sound cursor file says.</summary>
sealed record CursorImage(long Sequence, long Delivered, long Counted, long Keyed, int Slot)
{
    public const int SlotSpacing = 4096;
    public const int SlotBytes = 72;

    public static CursorImage Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return new[] { 0, 1 }.Select(slot => Read(bytes, slot)).OfType<CursorImage>().MaxBy(c => c.Sequence)!;
    }

    static CursorImage? Read(byte[] file, int slot)
    {
        if (file.Length < (slot * SlotSpacing) + SlotBytes)
            return null;

        var bytes = file.AsSpan(slot * SlotSpacing, SlotBytes);
        if (!bytes.StartsWith("T2OC"u8))
            return null;
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]), Is.EqualTo(Castagnoli.Of(bytes[8..])));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), Is.EqualTo(2));
        return new CursorImage(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            slot);
    }
}
