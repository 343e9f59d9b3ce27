using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Hosting.Listeners;

public sealed class ListenersRuleTests
{
    [TestCase(":8088", ":8088", true)]
    [TestCase(":8088", "127.0.0.1:8088", true)]
    [TestCase(":8088", "[::1]:8088", true)]
    [TestCase(":8088", "localhost:8088", true)]
    [TestCase("0.0.0.0:8088", "127.0.0.1:8088", true)]
    [TestCase("0.0.0.0:8088", "localhost:8088", true)]
    [TestCase("0.0.0.0:8088", "[::1]:8088", false)]
    [TestCase("localhost:8088", "127.0.0.1:8088", true)]
    [TestCase("localhost:8088", "[::1]:8088", true)]
    [TestCase("localhost:8088", "127.0.0.2:8088", false)]
    [TestCase("127.0.0.1:8088", "127.0.0.1:8088", true)]
    [TestCase("127.0.0.1:8088", "127.0.0.2:8088", false)]
    [TestCase("127.0.0.1:8088", "127.0.0.1:8089", false)]
    [TestCase("127.0.0.1:0", "127.0.0.1:0", false)]
    public void Only_one_of_two_may_have_an_address(string one, string other, bool expected)
    {
        Assert.That(Parse(one).Excludes(Parse(other)), Is.EqualTo(expected));
        Assert.That(Parse(other).Excludes(Parse(one)), Is.EqualTo(expected));
    }

    static ListenAddress Parse(string text) => ListenAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);
}
