using Google.Protobuf;
using Tailscale2Otel.Export.Otlp.Wire;

namespace Tailscale2Otel.Tests.Export.Otlp.Wire;

sealed class ProtobufBufferTests
{
    [Test]
    public void Knows_the_size_of_a_length([Range(0, 31)] int bit)
    {
        foreach (var value in (uint[])[1u << bit, (1u << bit) - 1])
            Assert.That(ProtobufBuffer.VarintSize(value), Is.EqualTo(CodedOutputStream.ComputeUInt32Size(value)), value.ToString());
    }

    [Test]
    public void Writes_numbers_that_protobuf_reads()
    {
        ulong[] values = [0, 1, 127, 128, 300, uint.MaxValue, long.MaxValue, ulong.MaxValue];
        using var buffer = new ProtobufBuffer(1);
        foreach (var value in values)
            buffer.Varint(value);

        var input = new CodedInputStream(buffer.Span.ToArray());
        Assert.That(values.Select(_ => input.ReadUInt64()), Is.EqualTo(values));
    }

    [TestCase(0)]
    [TestCase(127)]
    [TestCase(128)]
    [TestCase(20_000)]
    [TestCase(3_000_000)]
    public void Closes_a_message_with_its_length(int length)
    {
        using var buffer = new ProtobufBuffer(16);
        var start = buffer.Open(0x0A);
        buffer.Reserve(length)[..length].Fill((byte)'x');
        buffer.Advance(length);
        buffer.Close(start);

        var input = new CodedInputStream(buffer.Span.ToArray());
        Assert.That(input.ReadTag(), Is.EqualTo(0x0A));
        Assert.That(input.ReadBytes(), Has.Length.EqualTo(length));
    }
}
