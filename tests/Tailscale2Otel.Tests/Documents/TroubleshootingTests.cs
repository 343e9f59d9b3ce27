using System.Text.RegularExpressions;
using Tailscale2Otel.Tests.Architecture;

namespace Tailscale2Otel.Tests.Documents;

/// <summary>Who searches docs/troubleshooting.md for a message finds the one that the daemon prints.</summary>
[TestFixture]
public sealed partial class TroubleshootingTests
{
    /// <summary>Shorter pieces occur by chance.</summary>
    const int ShortestPiece = 5;

    static IEnumerable<string> Messages =>
        from Match row in FirstCells().Matches(SourceTree.Read("docs/troubleshooting.md"))
        from Match quoted in Quoted().Matches(row.Groups["cell"].Value)
        let text = quoted.Groups["text"].Value
        where text.Contains(' ', StringComparison.Ordinal)
        select text;

    [Test]
    public void Every_message_is_in_the_code()
    {
        var sources = string.Join('\n', SourceTree.Sources.Select(s => s.Text));

        Violations.None(
            from message in Messages
            from piece in message.Split('…').Select(p => p.Trim().TrimEnd(';', ':'))
            where piece.Length >= ShortestPiece && !sources.Contains(piece, StringComparison.Ordinal)
            select $"{message}: nothing in the code says '{piece}'");
    }

    [Test]
    public void There_are_messages() => Assert.That(Messages.Count(), Is.GreaterThan(40));

    [GeneratedRegex(@"^\| (?<cell>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex FirstCells();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();
}
