using Tailscale2Otel.Cli;

namespace Tailscale2Otel.Tests.Cli;

public sealed class TerminalTextTests
{
    [TestCase("plain é 😀 text", "plain é 😀 text")]
    [TestCase("\u001b[2J", @"\u001b[2J")]
    [TestCase("a\r\nb\tc", @"a\u000d\u000ab\u0009c")]
    [TestCase("\u007f\u009b31m", @"\u007f\u009b31m")]
    [TestCase("abc\u202etxt", @"abc\u202etxt")]
    [TestCase("a\u2028b\u2029c\u200bd\ufeff", @"a\u2028b\u2029c\u200bd\ufeff")]
    [TestCase("\U000E0041", @"\udb40\udc41")]
    public void What_a_terminal_would_act_on_is_escaped(string text, string expected) => Assert.That(TerminalText.Escape(text), Is.EqualTo(expected));

    [Test]
    public void Half_a_character_becomes_the_replacement_character() => Assert.That(TerminalText.Escape("a\ud800b"), Is.EqualTo("a\ufffdb"));
}
