using System.Buffers.Binary;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>What one slot of a cursor file says, by its description in docs/durability.md.</summary>
sealed record CursorImage
{
    public const int SlotSpacing = 4096;
    public const int SlotBytes = 72;

    public required int Slot { get; init; }

    public required long Sequence { get; init; }

    public required long Delivered { get; init; }

    public required long Counted { get; init; }

    public required long Keyed { get; init; }

    public required long NewestSegment { get; init; }

    /// <summary>The sound slots, newest first. The daemon may be writing one of them.</summary>
    public static CursorImage[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return [.. new[] { 0, 1 }.Select(slot => Read(bytes, slot)).OfType<CursorImage>().OrderByDescending(c => c.Sequence)];
    }

    static CursorImage? Read(byte[] file, int slot)
    {
        if (file.Length < (slot * SlotSpacing) + SlotBytes)
            return null;

        var bytes = file.AsSpan(slot * SlotSpacing, SlotBytes);
        if (!bytes.StartsWith("T2OC"u8) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Castagnoli.Of(bytes[8..]))
            return null;

        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), Is.EqualTo(2));
        return new CursorImage
        {
            Slot = slot,
            Sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            Delivered = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            Counted = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            Keyed = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            NewestSegment = BinaryPrimitives.ReadInt64LittleEndian(bytes[64..]),
        };
    }
}
