using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class YamlTreeTests
{
    [Test]
    public void Anchors_and_merge_keys_repeat_what_was_said_before()
    {
        var root = Read("base: &base {a: 1, b: 2}\ncopy: *base\nown: {<<: *base, b: 3}\ntwo: {<<: [*base, {c: 4}]}\n", out var report)!;

        Assert.That(report.Errors, Is.Empty);
        Assert.That(Members(root, "copy"), Is.EqualTo("a=1@1 b=2@1"));
        Assert.That(Members(root, "own"), Is.EqualTo("b=3@3 a=1@1"));
        Assert.That(Members(root, "two"), Is.EqualTo("a=1@1 b=2@1 c=4@4"));
    }

    [TestCase("a: ~")]
    [TestCase("a:")]
    [TestCase("a: null")]
    public void Nothing_is_null(string text) => Assert.That(Read(text, out _)!.Members![0].Value.IsNull, Is.True);

    [TestCase("a: \"\"", "")]
    [TestCase("a: 'null'", "null")]
    [TestCase("a: \"~\"", "~")]
    [TestCase("a: |\n  x\n  y\n", "x\ny\n")]
    public void Quoted_text_is_text(string text, string expected) => Assert.That(Read(text, out _)!.Members![0].Value.Text, Is.EqualTo(expected));

    [Test]
    public void Depth_is_bounded()
    {
        Read("a: " + new string('[', 1_000_000), out var report);

        Assert.That(report.Errors.Single().Message, Does.Contain("nested deeper than 32 levels"));
    }

    [Test]
    public void Aliases_cannot_multiply_without_end()
    {
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat("bcdefghij".Select((c, i) =>
            $"{c}: &{c} [{string.Join(',', Enumerable.Repeat("*" + (char)('a' + i), 9))}]\n"));

        Read(bomb, out var report);

        Assert.That(report.Errors.Single().Message, Does.Contain("more than 50000 values"));
    }

    [Test]
    public void An_anchor_cannot_hold_itself()
    {
        Read("a: &a [*a]", out var report);

        Assert.That(report.Errors.Single().Message, Does.StartWith("not valid YAML: nothing before this line has the name that the * refers to"));
    }

    static ConfigNode? Read(string text, out ConfigReport report)
    {
        report = new ConfigReport();
        using var reader = new StringReader(text);
        return YamlTree.Read("x.yaml", reader, report);
    }

    static string Members(ConfigNode root, string name) =>
        string.Join(' ', root.Members!.Single(m => m.Key == name).Value.Members!.Select(m => $"{m.Key}={m.Value.Text}@{m.Value.Source.Line}"));
}
