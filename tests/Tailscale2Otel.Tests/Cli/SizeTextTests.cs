using Tailscale2Otel.Cli;

namespace Tailscale2Otel.Tests.Cli;

public sealed class SizeTextTests
{
    [TestCase(0, "0 B", "0 bytes")]
    [TestCase(1023, "1023 B", "1023 bytes")]
    [TestCase(1024, "1.0 KiB", "1.0 KiB (1,024 bytes)")]
    [TestCase(1_048_575, "1.0 MiB", "1.0 MiB (1,048,575 bytes)")]
    [TestCase(10_737_418_240, "10.0 GiB", "10.0 GiB (10,737,418,240 bytes)")]
    [TestCase(long.MaxValue, "8.0 EiB", "8.0 EiB (9,223,372,036,854,775,807 bytes)")]
    public void Is_rounded_to_be_read_and_exact_to_be_compared(long bytes, string rounded, string both)
    {
        Assert.That(SizeText.Rounded(bytes), Is.EqualTo(rounded));
        Assert.That(SizeText.Both(bytes), Is.EqualTo(both));
    }
}
