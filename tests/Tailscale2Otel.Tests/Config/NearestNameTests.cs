using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class NearestNameTests
{
    static readonly string[] Names = ["listen", "path", "token", "max_body_bytes", "streaming", "tls"];

    [TestCase("listen", "listen")]
    [TestCase("lisen", "listen")]
    [TestCase("listne", "listen")]
    [TestCase("paht", "path")]
    [TestCase("max_bdy_byte", "max_body_bytes")]
    [TestCase("steeming", "streaming")]
    [TestCase("tl", "tls")]
    [TestCase("xyzzy", null)]
    [TestCase("maximum", null)]
    [TestCase("listening_port", null)]
    public void Finds_the_name_within_two_edits_or_a_third_of_the_length(string written, string? expected) =>
        Assert.That(NearestName.Of(written, Names), Is.EqualTo(expected));

    [TestCase("", "", 0)]
    [TestCase("", "abc", 3)]
    [TestCase("kitten", "sitting", 3)]
    [TestCase("flaw", "lawn", 2)]
    public void Counts_edits(string a, string b, int expected)
    {
        Assert.That(NearestName.Distance(a, b), Is.EqualTo(expected));
        Assert.That(NearestName.Distance(b, a), Is.EqualTo(expected));
    }
}
