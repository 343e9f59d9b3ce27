using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Tests.Processing;

sealed class JsonTextTests
{
    [TestCase("plain", "plain")]
    [TestCase("", "")]
    [TestCase("""a\"b\\c\/d""", "a\"b\\c/d")]
    [TestCase("""\b\f\n\r\t""", "\b\f\n\r\t")]
    [TestCase("""\u0041\u00e9\u20AC""", "Aé€")]
    [TestCase("""x\ud83d\ude00y""", "x😀y")]
    [TestCase("""\ud83d""", "\uFFFD")]
    [TestCase("""\ud83dab""", "\uFFFDab")]
    [TestCase("""\ude00\ud83d""", "\uFFFD\uFFFD")]
    [TestCase("""\ud83d\u0041""", "\uFFFDA")]
    [TestCase("""\ud83d\n""", "\uFFFD\n")]
    public void Undoes_escapes_and_replaces_half_pairs(string escaped, string expected) => Assert.That(Unescape(escaped), Is.EqualTo(expected));

    [Test]
    public void Reads_back_every_text_that_the_platform_escapes() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            var escaped = JsonEncodedText.Encode(text.Get).ToString();
            return Unescape(escaped) == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
        }).QuickCheckThrowOnFailure();

    [TestCase("action", "action", true)]
    [TestCase("action", "actio", false)]
    [TestCase("", "", true)]
    [TestCase("""act\u0069on""", "action", true)]
    [TestCase("""\u0061\u0063\u0074\u0069\u006f\u006e""", "action", true)]
    [TestCase("""\u0061\u0063\u0074\u0069\u006f\u006e\u0073""", "action", false)]
    [TestCase("""\ud800""", "action", false)]
    [TestCase("""act\ud800""", "action", false)]
    [TestCase("""\udc00\ud800n""", "n", false)]
    public void Compares_names_however_they_are_spelled(string written, string name, bool isNamed)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($$"""{"{{written}}":1}"""));
        while (reader.TokenType != JsonTokenType.PropertyName)
            reader.Read();

        Assert.That(reader.IsNamed(Encoding.UTF8.GetBytes(name)), Is.EqualTo(isNamed));
    }

    [TestCase("2026-07-27T13:59:00.123+02:00", true)]
    [TestCase("""2026-07-27T13:59:00.123\u002b02:00""", true)]
    [TestCase("""2026-07-27T13:59:00.123\ud80002:00""", false)]
    [TestCase("""2026-07-27T13:59:00.123\u002b02:00 and more words than any time has, so that there is no room for them""", false)]
    public void Reads_times_however_they_are_spelled(string written, bool isTime)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"\"{written}\""));
        reader.Read();

        Assert.That(reader.TryReadTime(out var time), Is.EqualTo(isTime));
        Assert.That(time, Is.EqualTo(isTime ? 1_785_153_540_123_000_000 : 0));
    }

    static string Unescape(string escaped)
    {
        var bytes = Encoding.UTF8.GetBytes(escaped);
        var destination = new byte[bytes.Length];
        return Encoding.UTF8.GetString(destination, 0, JsonText.Unescape(bytes, destination));
    }
}
