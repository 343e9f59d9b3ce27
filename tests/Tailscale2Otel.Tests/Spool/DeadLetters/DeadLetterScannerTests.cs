using System.Text;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Spool.DeadLetters;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class DeadLetterScannerTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Finds_every_line_of_every_length()
    {
        var random = new Random(20260727);
        int[] lengths = [0, 1, 65_535, 65_536, 65_537, 262_143, 262_144, 262_145, 1_000_000, .. Enumerable.Range(0, 500).Select(_ => random.Next(2000)), 300_000, 3];
        string[] lines = [.. lengths.Select((n, i) => new string((char)('a' + (i % 26)), n))];

        Assert.That(Scan(string.Join('\n', lines) + "\n"), Is.EqualTo(lines));
    }

    [Test]
    public void What_follows_the_last_line_end_is_not_there() => Assert.That(Scan("one\ntwo\nthr"), Is.EqualTo(new[] { "one", "two" }));

    [Test]
    public void A_long_end_without_a_line_end_is_not_there() => Assert.That(Scan("one\n" + new string('x', 1_000_000)), Is.EqualTo(new[] { "one" }));

    [Test]
    public void Nothing_behind_the_given_end_is_seen() => Assert.That(Scan("one\ntwo\nthree\n", end: 8), Is.EqualTo(new[] { "one", "two" }));

    [Test]
    public void An_empty_file_has_no_lines() => Assert.That(Scan(""), Is.Empty);

    List<string> Scan(string text, long? end = null)
    {
        var path = _folder.File("letters");
        File.WriteAllText(path, text);
        using var file = File.OpenHandle(path);
        using var scanner = new DeadLetterScanner(file, end ?? text.Length);
        List<string> lines = [];
        while (scanner.TryNext())
        {
            var line = new byte[scanner.Length];
            scanner.Read(0, line);
            lines.Add(Encoding.UTF8.GetString(line));
            Assert.That(scanner.Head.SequenceEqual(line.AsSpan(0, Math.Min(line.Length, DeadLetterScanner.HeadBytes))));
        }

        Assert.That(scanner.Next, Is.EqualTo(text.AsSpan(0, (int)(end ?? text.Length)).LastIndexOf('\n') + 1));
        return lines;
    }
}
