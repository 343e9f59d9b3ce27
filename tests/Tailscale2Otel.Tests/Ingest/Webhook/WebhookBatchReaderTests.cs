using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Ingest.Webhook;

namespace Tailscale2Otel.Tests.Ingest.Webhook;

public sealed class WebhookBatchReaderTests
{
    static readonly string[] Pieces =
        ["[", "]", "{", "}", ",", ":", " ", "\n", "\"a\"", "\"\\u00e9\"", "\"\\", "1", "-", "1e5", "null", "true", "tru", "[]", "{}", "{\"a\":[1]}", "é", "\0", "//", "\uFEFF"];

    [TestCase("[]", "")]
    [TestCase(" [ ] \n", "")]
    [TestCase("[{}]", "{}")]
    [TestCase("""[{"a":[1,{"b":2}]} , 1,"x",null,[[]],true]""", """{"a":[1,{"b":2}]}|1|"x"|null|[[]]|true""")]
    [TestCase("[\"é\\\"]\",\"\\ud800\"]", "\"é\\\"]\"|\"\\ud800\"")]
    public void Every_element_is_found_as_it_is_written(string body, string elements)
    {
        var (shape, found) = Read(Encoding.UTF8.GetBytes(body));

        Assert.That((shape, string.Join('|', found)), Is.EqualTo((WebhookShape.Array, elements)));
    }

    [TestCase("{}", WebhookShape.NotArray)]
    [TestCase("{\"a\":[{}]}", WebhookShape.NotArray)]
    [TestCase("\"[]\"", WebhookShape.NotArray)]
    [TestCase("null", WebhookShape.NotArray)]
    [TestCase("", WebhookShape.NotJson)]
    [TestCase("  ", WebhookShape.NotJson)]
    [TestCase("[", WebhookShape.NotJson)]
    [TestCase("[{}", WebhookShape.NotJson)]
    [TestCase("[{},]", WebhookShape.NotJson)]
    [TestCase("[{}][{}]", WebhookShape.NotJson)]
    [TestCase("[{}]x", WebhookShape.NotJson)]
    [TestCase("[1 2]", WebhookShape.NotJson)]
    [TestCase("// no\n[]", WebhookShape.NotJson)]
    [TestCase("payload=%7B%7D", WebhookShape.NotJson)]
    public void Anything_else_is_refused_whole(string body, object shape) =>
        Assert.That(Read(Encoding.UTF8.GetBytes(body)), Is.EqualTo(((WebhookShape)shape, Array.Empty<string>())));

    [Test]
    public void Nesting_and_number_are_bounded()
    {
        Assert.That(Read(Enumerable.Repeat((byte)'[', 1_000_000).ToArray()).Shape, Is.EqualTo(WebhookShape.NotJson));
        Assert.That(Read(Many(WebhookBatchReader.MaxEvents)).Shape, Is.EqualTo(WebhookShape.Array));
        Assert.That(Read(Many(WebhookBatchReader.MaxEvents + 1)), Is.EqualTo((WebhookShape.TooManyEvents, Array.Empty<string>())));
    }

    [Test]
    public void Any_body_gives_whole_values_or_nothing() =>
        Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true),
            Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(p => Encoding.UTF8.GetBytes("[" + string.Concat(p))).ToArbitrary(), IsSane));

    static bool IsSane(byte[] body)
    {
        var (shape, found) = Read(body);
        foreach (var element in found)
        {
            using var value = JsonDocument.Parse(element);
        }

        return shape == WebhookShape.Array || found.Length == 0;
    }

    static byte[] Many(int count) => Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat('1', count))}]");

    static (WebhookShape Shape, string[] Elements) Read(byte[] body)
    {
        var events = new List<Range>();
        var shape = WebhookBatchReader.Read(body, events);
        return (shape, [.. events.Select(r => Encoding.UTF8.GetString(body[r]))]);
    }
}
