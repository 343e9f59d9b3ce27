using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Tests.Spool;

public sealed class Crc32CTests
{
    // RFC 3720 appendix B.4.
    [Test]
    public void Gives_the_values_of_the_specification()
    {
        var ascending = new byte[32];
        for (var i = 0; i < 32; i++)
            ascending[i] = (byte)i;

        Assert.That(Crc32C.Of(new byte[32]), Is.EqualTo(0x8A9136AAu));
        Assert.That(Crc32C.Of(Enumerable.Repeat((byte)0xFF, 32).ToArray()), Is.EqualTo(0x62A8AB43u));
        Assert.That(Crc32C.Of(ascending), Is.EqualTo(0x46DD794Eu));
        Assert.That(Crc32C.Of("123456789"u8), Is.EqualTo(0xE3069283u));
    }

    [Test]
    public void Is_the_same_however_the_bytes_are_cut()
    {
        var bytes = new byte[100];
        new Random(7).NextBytes(bytes);
        for (var cut = 0; cut <= bytes.Length; cut++)
            Assert.That(~Crc32C.Append(Crc32C.Append(uint.MaxValue, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)), Is.EqualTo(Crc32C.Of(bytes)));
    }

    // Lanes are for long ones only; bit by bit is what the specification says.
    [Test]
    public void Is_what_the_polynomial_says_for_every_length()
    {
        var bytes = new byte[7000];
        new Random(8).NextBytes(bytes);
        var bit = uint.MaxValue;
        for (var length = 0; length < bytes.Length; length++)
        {
            if (length is < 1000 or > 6100)
                Assert.That(Crc32C.Append(uint.MaxValue, bytes.AsSpan(0, length)), Is.EqualTo(bit), $"of {length} bytes");
            bit ^= bytes[length];
            for (var i = 0; i < 8; i++)
                bit = (bit >> 1) ^ ((bit & 1) * 0x82F63B78u);
        }
    }
}
