using System.Text;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Tests.Processing;

sealed class JsonNumberTests
{
    [TestCase("0", 0UL)]
    [TestCase("-0", 0UL)]
    [TestCase("7", 7UL)]
    [TestCase("007", 7UL)]
    [TestCase("9999999999999999999", 9_999_999_999_999_999_999UL)]
    [TestCase("18446744073709551615", ulong.MaxValue)]
    [TestCase("1e3", 1000UL)]
    [TestCase("2.50e1", 25UL)]
    [TestCase("5.0", 5UL)]
    public void Reads_whole_numbers_of_64_bits(string text, ulong expected)
    {
        Assert.That(JsonNumber.TryParse(Encoding.ASCII.GetBytes(text), out var value, out var negative), Is.True);
        Assert.That((value, negative), Is.EqualTo((expected, false)));
    }

    [TestCase("-1")]
    [TestCase("-18446744073709551615")]
    public void Tells_numbers_below_zero(string text)
    {
        Assert.That(JsonNumber.TryParse(Encoding.ASCII.GetBytes(text), out var value, out var negative), Is.True);
        Assert.That((value, negative), Is.EqualTo((0UL, true)));
    }

    [TestCase("")]
    [TestCase("1.5")]
    [TestCase("18446744073709551616")]
    [TestCase("1e30")]
    [TestCase("1e99")]
    [TestCase("twelve")]
    [TestCase(" 1")]
    [TestCase("1,000")]
    [TestCase("0x10")]
    public void Refuses_the_rest(string text) => Assert.That(JsonNumber.TryParse(Encoding.ASCII.GetBytes(text), out _, out _), Is.False);
}
