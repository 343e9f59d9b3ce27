using System.Text;
using Tailscale2Otel.Export.Otlp.Wire;

namespace Tailscale2Otel.Tests.Export.Otlp.Wire;

sealed class Utf8TextTests
{
    [Test]
    public void Repairs_as_the_platform_does()
    {
        var random = new Random(7);
        for (var run = 0; run < 5000; run++)
        {
            var source = new byte[random.Next(12)];
            for (var i = 0; i < source.Length; i++)
                source[i] = random.Next(3) == 0 ? (byte)random.Next(0x80) : (byte)random.Next(0x80, 0x100);
            var destination = new byte[source.Length * 3];

            var written = Utf8Text.Repair(source, destination);

            Assert.That(Encoding.UTF8.GetString(destination, 0, written), Is.EqualTo(Encoding.UTF8.GetString(source)), Convert.ToHexString(source));
        }
    }

    [TestCase("", "")]
    [TestCase("plain", "plain")]
    [TestCase("\\u0041\\u00E4\\u20ac", "Aä€")]
    [TestCase("\\ud83D\\uDe00!", "😀!")]
    [TestCase("\\ud83d\\ud83d\\ude00", "\uFFFD😀")]
    [TestCase("\\ud83d\\n", "\uFFFD\n")]
    [TestCase("ends with \\", "ends with ")]
    [TestCase("cut \\u00", "cut \0")]
    public void Resolves_escapes(string source, string expected)
    {
        var destination = new byte[Encoding.UTF8.GetByteCount(source)];

        var written = Utf8Text.Unescape(Encoding.UTF8.GetBytes(source), destination);

        Assert.That(Encoding.UTF8.GetString(destination, 0, written), Is.EqualTo(expected));
    }

    [TestCase(10, 10)]
    [TestCase(64, 64)]
    [TestCase(65, 50)]
    [TestCase(1000, 50)]
    public void Keeps_room_for_the_marker(int length, int kept) => Assert.That(Utf8Text.Keep(new byte[length], 64), Is.EqualTo(kept));

    [Test]
    public void Copies_ASCII_of_any_length_and_finds_what_is_not_anywhere_in_it([Range(0, 70)] int length)
    {
        byte[] text = [.. Enumerable.Range(0, length).Select(i => (byte)(i + 32))];
        var destination = new byte[length];

        Assert.That(Utf8Text.TryCopyAscii(text, destination), Is.True);
        Assert.That(destination, Is.EqualTo(text));
        for (var i = 0; i < length; i++)
        {
            text[i] |= 0x80;
            Assert.That(Utf8Text.TryCopyAscii(text, destination), Is.False, $"byte {i}");
            text[i] &= 0x7F;
        }
    }
}
