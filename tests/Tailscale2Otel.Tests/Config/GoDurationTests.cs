using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class GoDurationTests
{
    [TestCase("0", 0)]
    [TestCase("+0", 0)]
    [TestCase("0s", 0)]
    [TestCase("500ms", 500)]
    [TestCase("60s", 60_000)]
    [TestCase("6h", 21_600_000)]
    [TestCase("1h30m", 5_400_000)]
    [TestCase("1h15m30.918s", 4_530_918)]
    [TestCase("-1.5h", -5_400_000)]
    [TestCase("+5s", 5_000)]
    [TestCase(".5s", 500)]
    [TestCase("1.s", 1_000)]
    [TestCase("2000us", 2)]
    [TestCase("2000µs", 2)]
    [TestCase("2000μs", 2)]
    [TestCase("3000000ns", 3)]
    [TestCase("1m1m", 120_000)]
    [TestCase("2562047h", 9_223_369_200_000)]
    public void Reads_what_Go_reads(string text, long milliseconds)
    {
        Assert.That(GoDuration.TryParse(text, out var value), Is.True);
        Assert.That(value, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase("3")]
    [TestCase("s")]
    [TestCase(".s")]
    [TestCase("1d")]
    [TestCase("1 s")]
    [TestCase("1s ")]
    [TestCase("1h30")]
    [TestCase("1,5s")]
    [TestCase("1.2.3s")]
    [TestCase("--1s")]
    [TestCase("1H")]
    [TestCase("١s")]
    [TestCase("99999999999999999999h")]
    [TestCase("999999999999999999999999999999999999s")]
    [TestCase("256204778802h")]
    [TestCase("3000000000000000000h")]
    [TestCase("9223372036854775807h9223372036854775807h")]
    public void Refuses_what_is_no_duration(string text) =>
        Assert.That(GoDuration.TryParse(text, out _), Is.False);

    [TestCase(0, "0s")]
    [TestCase(200, "200ms")]
    [TestCase(90_000, "1m30s")]
    [TestCase(3_600_000, "1h")]
    [TestCase(-90_061_500, "-25h1m1s500ms")]
    public void Writes_the_units_that_count(long milliseconds, string expected) =>
        Assert.That(GoDuration.Format(TimeSpan.FromMilliseconds(milliseconds)), Is.EqualTo(expected));

    [Test]
    public void Reads_back_what_it_wrote() =>
        Prop.ForAll<long>(ticks => GoDuration.TryParse(GoDuration.Format(new TimeSpan(ticks)), out var value) && value.Ticks == ticks)
            .QuickCheckThrowOnFailure();

    [Test]
    public void Never_throws_for_any_text() =>
        Prop.ForAll<string>(text => GoDuration.TryParse(text ?? "", out _) || true).QuickCheckThrowOnFailure();
}
