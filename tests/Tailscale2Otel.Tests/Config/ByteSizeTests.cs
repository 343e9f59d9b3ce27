using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class ByteSizeTests
{
    [TestCase("0", 0)]
    [TestCase("67108864", 67_108_864)]
    [TestCase("-1", -1)]
    [TestCase("64MiB", 67_108_864)]
    [TestCase("64 MiB", 67_108_864)]
    [TestCase("1.5KiB", 1_536)]
    [TestCase("8GiB", 8_589_934_592)]
    [TestCase("2TiB", 2_199_023_255_552)]
    [TestCase("10MB", 10_000_000)]
    [TestCase("3kB", 3_000)]
    [TestCase("7B", 7)]
    public void Reads_sizes(string text, long expected)
    {
        Assert.That(ByteSize.TryParse(text, out var bytes), Is.True);
        Assert.That(bytes, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("MiB")]
    [TestCase("1M")]
    [TestCase("1mib")]
    [TestCase("1.5")]
    [TestCase("1,5MiB")]
    [TestCase("1e3")]
    [TestCase("99999999TiB")]
    [TestCase("99999999999999999999999999TiB")]
    [TestCase("99999999999999999999TiB")]
    [TestCase("9223372036854775808")]
    public void Refuses_what_is_no_size(string text) => Assert.That(ByteSize.TryParse(text, out _), Is.False);

    [TestCase(0, "0")]
    [TestCase(1000, "1000")]
    [TestCase(1024, "1KiB")]
    [TestCase(3_670_016, "3584KiB")]
    [TestCase(67_108_864, "64MiB")]
    [TestCase(-1, "-1")]
    public void Writes_a_unit_where_it_comes_out_even(long bytes, string expected) => Assert.That(ByteSize.Format(bytes), Is.EqualTo(expected));
}
