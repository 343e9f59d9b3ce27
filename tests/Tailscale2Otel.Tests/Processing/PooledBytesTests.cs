using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Tests.Processing;

public sealed class PooledBytesTests
{
    [Test]
    public void Keeps_what_was_written_while_it_grows()
    {
        using var bytes = new PooledBytes(1);
        for (var i = 0; i < 100_000; i++)
            bytes.Write((byte)i);

        Assert.That(bytes.Length, Is.EqualTo(100_000));
        for (var i = 0; i < 100_000; i++)
        {
            if (bytes.Written[i] != (byte)i)
                Assert.Fail($"byte {i} changed");
        }
    }

    [Test]
    public void What_is_reserved_counts_once_it_is_taken()
    {
        using var bytes = new PooledBytes();
        "abc"u8.CopyTo(bytes.Reserve(3));
        Assert.That(bytes.Length, Is.Zero);
        bytes.Advance(2);
        bytes.Write("z"u8);
        Assert.That(bytes.Written.ToArray(), Is.EqualTo("abz"u8.ToArray()));
        bytes.Truncate(1);
        Assert.That(bytes.Written.ToArray(), Is.EqualTo("a"u8.ToArray()));
    }
}
