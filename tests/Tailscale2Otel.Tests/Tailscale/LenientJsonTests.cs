using System.Text.Json;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class LenientJsonTests
{
    [TestCase("\"x\"", "x")]
    [TestCase("12.50", "12.50")]
    [TestCase("null", "")]
    [TestCase("true", "")]
    [TestCase("{}", "")]
    [TestCase("\"\\ud800\"", "")]
    public void A_text(string json, string expected) => Assert.That(LenientJson.Text(Member(json), "m"), Is.EqualTo(expected));

    [TestCase("7", 7L)]
    [TestCase("\"7\"", 7L)]
    [TestCase("7.9", 7L)]
    [TestCase("-1", -1L)]
    [TestCase("1e300", long.MaxValue)]
    [TestCase("9223372036854775807", long.MaxValue)]
    [TestCase("\"many\"", 0L)]
    [TestCase("null", 0L)]
    [TestCase("[]", 0L)]
    public void A_count(string json, long expected) => Assert.That(LenientJson.Count(Member(json), "m"), Is.EqualTo(expected));

    [TestCase("1.5", 1.5)]
    [TestCase("\"1.5\"", 1.5)]
    [TestCase("4e-157", 4e-157)]
    [TestCase("1e999", null)]
    [TestCase("\"NaN\"", null)]
    [TestCase("true", null)]
    public void A_number(string json, double? expected) => Assert.That(LenientJson.Number(Member(json), "m"), Is.EqualTo(expected));

    [TestCase("true", true)]
    [TestCase("\"true\"", true)]
    [TestCase("\"False\"", false)]
    [TestCase("0", false)]
    [TestCase("1", true)]
    [TestCase("null", null)]
    [TestCase("\"yes\"", null)]
    [TestCase("{}", null)]
    public void A_flag(string json, bool? expected) => Assert.That(LenientJson.Flag(Member(json), "m"), Is.EqualTo(expected));

    [TestCase("\"2026-07-27T12:00:07.551200917Z\"", "2026-07-27T12:00:07.5512009+00:00")]
    [TestCase("\"2026-07-27T14:00:07+02:00\"", "2026-07-27T12:00:07.0000000+00:00")]
    [TestCase("\"\"", null)]
    [TestCase("\"0001-01-01T00:00:00Z\"", null)]
    [TestCase("\"soon\"", null)]
    [TestCase("null", null)]
    [TestCase("[]", null)]
    public void A_time(string json, string? expected) => Assert.That(LenientJson.Time(Member(json), "m")?.ToString("O"), Is.EqualTo(expected));

    [TestCase("[\"a\",1,null,\"\",{}]", "a,1")]
    [TestCase("\"a\"", "")]
    [TestCase("null", "")]
    public void A_list_of_texts(string json, string expected) => Assert.That(string.Join(',', LenientJson.Texts(Member(json), "m")), Is.EqualTo(expected));

    [Test]
    public void A_member_of_what_is_no_object_is_absent() => Assert.That(LenientJson.Member(Parse("[1]"), "m"), Is.Null);

    [Test]
    public void A_name_that_is_no_text_is_passed_over() =>
        Assert.That(LenientJson.Members(Parse("{\"a\":1,\"\\ud800\":2,\"b\":3}")).Select(m => m.Key), Is.EqualTo(new[] { "a", "b" }));

    static JsonElement Member(string json) => Parse($"{{\"m\":{json}}}");

    static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
