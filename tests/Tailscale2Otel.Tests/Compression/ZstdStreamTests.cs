using System.IO.Compression;
using System.Text;
using Tailscale2Otel.Compression;

namespace Tailscale2Otel.Tests.Compression;

public sealed class ZstdStreamTests
{
    /// <summary>`printf 'hello, zstd\n' | zstd -c`, so that writer and reader cannot agree on a mistake.</summary>
    static readonly byte[] Known = Convert.FromHexString("28b52ffd045861000068656c6c6f2c207a7374640a84585ca0");

    [Test]
    public void The_library_is_there() => Assert.That(ZstdStream.IsAvailable, Is.True);

    [Test]
    public void Reads_what_the_zstd_tool_wrote() => Assert.That(Encoding.UTF8.GetString(Read(Known)), Is.EqualTo("hello, zstd\n"));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(3_000_000)]
    public async Task What_is_written_reads_back_the_same_in_both_ways(int length)
    {
        var data = Noise(length);
        Assert.That(Read(Write(data)), Is.EqualTo(data));

        var memory = new MemoryStream();
        await using (var writer = new ZstdStream(memory, CompressionMode.Compress, leaveOpen: true))
        {
            await writer.WriteAsync(data.AsMemory(0, length / 2));
            await writer.FlushAsync();
            await writer.WriteAsync(data.AsMemory(length / 2));
        }

        memory.Position = 0;
        await using var reader = new ZstdStream(memory, CompressionMode.Decompress);
        var copy = new MemoryStream();
        await reader.CopyToAsync(copy);
        Assert.That(copy.ToArray(), Is.EqualTo(data));
    }

    [Test]
    public void Frames_one_after_the_other_are_one_text()
    {
        byte[] two = [.. Write("one,"u8.ToArray()), .. Write([]), .. Write("two"u8.ToArray())];
        Assert.That(Encoding.UTF8.GetString(Read(two)), Is.EqualTo("one,two"));
    }

    [Test]
    public void A_reader_of_single_bytes_gets_everything()
    {
        var data = Noise(5_000);
        using var reader = new ZstdStream(new MemoryStream(Write(data)), CompressionMode.Decompress);
        var copy = new List<byte>();
        for (var value = reader.ReadByte(); value >= 0; value = reader.ReadByte())
            copy.Add((byte)value);
        Assert.That(copy, Is.EqualTo(data));
    }

    [Test]
    public void Flushed_data_can_be_read_before_the_frame_ends()
    {
        var memory = new MemoryStream();
        using var writer = new ZstdStream(memory, CompressionMode.Compress);
        writer.Write("early"u8);
        writer.Flush();

        using var reader = new ZstdStream(new MemoryStream(memory.ToArray()), CompressionMode.Decompress);
        var buffer = new byte[5];
        reader.ReadExactly(buffer);
        Assert.That(Encoding.UTF8.GetString(buffer), Is.EqualTo("early"));
    }

    [Test]
    public void Nothing_decompresses_to_nothing() => Assert.That(Read([]), Is.Empty);

    [Test]
    public void Data_cut_short_anywhere_is_an_error()
    {
        for (var length = 1; length < Known.Length; length++)
        {
            var cut = Known.AsSpan(0, length).ToArray();
            Assert.That(() => Read(cut), Throws.InstanceOf<InvalidDataException>(), $"after {length} bytes");
        }
    }

    [Test]
    public void A_flipped_bit_is_an_error()
    {
        var damaged = Write(Noise(1_000));
        damaged[500] ^= 4;
        Assert.That(() => Read(damaged), Throws.InstanceOf<InvalidDataException>());
    }

    [TestCase("not zstd at all")]
    [TestCase("{\"event\":1}")]
    public void Anything_else_is_an_error(string text) =>
        Assert.That(() => Read(Encoding.UTF8.GetBytes(text)), Throws.InstanceOf<InvalidDataException>());

    [Test]
    public void Rubbish_behind_a_frame_is_an_error() =>
        Assert.That(() => Read([.. Known, .. "rubbish"u8]), Throws.InstanceOf<InvalidDataException>());

    [Test]
    public void A_window_over_the_limit_is_refused_before_it_is_allocated()
    {
        // RFC 8878, 3.1.1.1: no single segment, no checksum, no content size; window exponent 17 over 1 KiB = 128 MiB; an empty last block.
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 17 << 3, 0x01, 0x00, 0x00];
        Assert.That(() => Read(frame), Throws.InstanceOf<InvalidDataException>());
        frame[5] = (ZstdStream.MaxWindowLog - 10) << 3;
        Assert.That(Read(frame), Is.Empty);
    }

    [Test]
    public void A_disposed_stream_says_so_and_closes_the_inner_one_unless_told_otherwise()
    {
        var open = new MemoryStream();
        var stream = new ZstdStream(open, CompressionMode.Compress, leaveOpen: true);
        stream.Dispose();
        stream.Dispose();
        Assert.That(() => stream.Write([1]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(open.CanWrite, Is.True);

        new ZstdStream(open, CompressionMode.Compress).Dispose();
        Assert.That(open.CanWrite, Is.False);
    }

    [Test]
    public void Each_direction_does_one_thing()
    {
        using var writer = new ZstdStream(new MemoryStream(), CompressionMode.Compress);
        using var reader = new ZstdStream(new MemoryStream(), CompressionMode.Decompress);
        Assert.That(() => writer.ReadByte(), Throws.InstanceOf<NotSupportedException>());
        Assert.That(() => reader.WriteByte(1), Throws.InstanceOf<NotSupportedException>());
        Assert.That((writer.CanRead, writer.CanWrite, reader.CanRead, reader.CanWrite), Is.EqualTo((false, true, true, false)));
    }

    static byte[] Noise(int length)
    {
        var data = new byte[length];
        new Random(17).NextBytes(data);
        return data;
    }

    static byte[] Write(byte[] data)
    {
        var memory = new MemoryStream();
        using (var writer = new ZstdStream(memory, CompressionMode.Compress))
            writer.Write(data);
        return memory.ToArray();
    }

    static byte[] Read(byte[] data)
    {
        using var reader = new ZstdStream(new MemoryStream(data), CompressionMode.Decompress);
        var copy = new MemoryStream();
        reader.CopyTo(copy);
        return copy.ToArray();
    }
}
