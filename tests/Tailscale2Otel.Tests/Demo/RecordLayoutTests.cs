using Tailscale2Otel.Demo;

namespace Tailscale2Otel.Tests.Demo;

[TestFixture]
public sealed class RecordLayoutTests
{
    const string Head = "2026-07-27T12:00:00.104Z INFO  tailscale.network.flow";

    [Test]
    public void Attributes_go_below_what_the_record_says_in_lines_of_the_width() =>
        Assert.That(
            RecordLayout.Of($"{Head}: tcp virtual 1 -> 2 tx=1B  | a=1 bb=22 user.full_name=\"Ada Example\" c=3", width: 20),
            Is.EqualTo($"{Head}: tcp virtual 1 -> 2 tx=1B\n    a=1 bb=22\n    user.full_name=\"Ada Example\"\n    c=3"));

    [Test]
    public void A_value_with_spaces_and_quotes_stays_together() =>
        Assert.That(
            RecordLayout.Of($"{Head}  | new=\"say \\\"no no\\\" = x\" b=2", width: 200),
            Is.EqualTo($"{Head}\n    new=\"say \\\"no no\\\" = x\" b=2"));

    [Test]
    public void Nothing_of_a_line_gets_lost()
    {
        const string line = $"{Head}: body  | a=\"open b=2 c=\"x y\" d  | more";

        var words = RecordLayout.Of(line, width: 10).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

        Assert.That(words.Append("|"), Is.EquivalentTo(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [TestCase("a log record")]
    [TestCase("short")]
    [TestCase("")]
    public void A_line_of_another_form_stays_as_it_is(string line) => Assert.That(RecordLayout.Of(line, width: 80), Is.EqualTo(line));

    [TestCase(Head + ": body  | tailscale.traffic_type=exit b=2", " tailscale.traffic_type=exit")]
    [TestCase(Head + ": body  | b=2", "tailscale.network.flow")]
    [TestCase(Head, "tailscale.network.flow")]
    [TestCase("short", "")]
    public void A_line_is_of_the_kind_of_its_traffic_or_event(string line, string kind) => Assert.That(RecordLayout.KindOf(line), Is.EqualTo(kind));
}
