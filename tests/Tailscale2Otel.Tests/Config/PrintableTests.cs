using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class PrintableTests
{
    [TestCase("https://user:pa@ss@host/x", "https://***@host/x")]
    [TestCase("see grpc://u:p@h:4317 now", "see grpc://***@h:4317 now")]
    [TestCase("https://host/path@2", "https://host/path@2")]
    [TestCase("https://host/x?api_key=k-1&mode=json#f", "https://host/x?api_key=***&mode=json#f")]
    [TestCase("\"https://host/x?mode=json&X-Token=t\" is", "\"https://host/x?mode=json&X-Token=***\" is")]
    [TestCase("mail@example.com", "mail@example.com")]
    public void Hides_credentials_in_a_URL(string text, string expected) => Assert.That(Printable.Value(text), Is.EqualTo(expected));

    [Test]
    public void Keeps_to_one_line_of_bounded_length() => Assert.Multiple(() =>
    {
        Assert.That(Printable.Value("a\nb\u001b[31m"), Is.EqualTo("a b [31m"));
        Assert.That(Printable.Value(new string('x', 500)), Is.EqualTo(new string('x', 120) + "…"));
    });
}
