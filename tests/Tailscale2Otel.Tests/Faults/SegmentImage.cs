using System.Buffers.Binary;
using System.Text;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>A sound segment file, read by what docs/durability.md says about it and by nothing of the daemon's.</summary>
sealed class SegmentImage
{
    public const int HeaderBytes = 40;
    public const int FrameHeaderBytes = 32;

    const uint ContinuesBit = 0x8000_0000;
    static readonly byte[] Marker = [0xFF, (byte)'T', (byte)'S', (byte)'F'];
    static readonly byte[] BeforeSequence = Encoding.ASCII.GetBytes("2026-07-27T12:00:00.");

    public SegmentImage(string path)
    {
        Name = System.IO.Path.GetFileName(path);
        var bytes = File.ReadAllBytes(path);
        Length = bytes.Length;
        Assert.That(bytes.AsSpan(0, 8).SequenceEqual("TS2OSPL\n"u8));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)), Is.EqualTo(1));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)), Is.EqualTo(Castagnoli.Of(bytes.AsSpan(16, 24))));
        Start = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16));
        PreviousEnd = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24));
        Salt = bytes[32..40];
        Assert.That(Name, Is.EqualTo($"{Start:D19}.seg"));
        for (var offset = HeaderBytes; offset < bytes.Length; offset += Frames[^1].Length)
            Frames.Add(Read(bytes, offset));
    }

    public string Name { get; }

    public long Length { get; }

    public long Start { get; }

    public long PreviousEnd { get; }

    public byte[] Salt { get; }

    public List<FrameImage> Frames { get; } = [];

    public long End => Start + Length - HeaderBytes;

    FrameImage Read(byte[] file, int offset)
    {
        var position = Start + offset - HeaderBytes;
        var header = file.AsSpan(offset, FrameHeaderBytes);
        Assert.That(header[..4].SequenceEqual(Marker));
        var marked = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        var length = (int)(marked & ~ContinuesBit);
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(header[8..]), Is.EqualTo(Castagnoli.Of(file.AsSpan(offset + 16, length - 16))));

        Span<byte> place = stackalloc byte[24];
        Salt.CopyTo(place);
        BinaryPrimitives.WriteInt64LittleEndian(place[8..], position);
        header[8..12].CopyTo(place[16..]);
        header[4..8].CopyTo(place[20..]);
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(header[12..]), Is.EqualTo(Castagnoli.Raw(BinaryPrimitives.ReadUInt32LittleEndian(Salt.AsSpan(4)), place)));

        var body = header[31] + BinaryPrimitives.ReadInt32LittleEndian(header[24..]);
        var payload = file.AsSpan(offset + FrameHeaderBytes + body, length - FrameHeaderBytes - body);
        var digits = payload.Slice(payload.IndexOf(BeforeSequence) + BeforeSequence.Length, 8);
        return new FrameImage(position, offset, length, (marked & ContinuesBit) != 0, int.Parse(digits));
    }
}
