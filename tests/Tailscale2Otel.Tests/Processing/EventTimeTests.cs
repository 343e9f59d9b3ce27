using System.Text;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Tests.Processing;

sealed class EventTimeTests
{
    const long Second = 1_000_000_000;

    [TestCase("1970-01-01T00:00:00Z", 0)]
    [TestCase("1970-01-01T00:00:00.000000001Z", 1)]
    [TestCase("2026-07-27T12:00:00Z", 1_785_153_600 * Second)]
    [TestCase("2026-07-27T12:00:07.551200917Z", (1_785_153_607 * Second) + 551_200_917)]
    [TestCase("2026-07-27T12:00:07.5Z", (1_785_153_607 * Second) + 500_000_000)]
    [TestCase("2026-07-27T12:00:07.1234567899Z", (1_785_153_607 * Second) + 123_456_789)]
    [TestCase("2026-07-27T14:00:00+02:00", 1_785_153_600 * Second)]
    [TestCase("2026-07-27T06:30:00.25-05:30", (1_785_153_600 * Second) + 250_000_000)]
    [TestCase("2026-07-27t12:00:00z", 1_785_153_600 * Second)]
    [TestCase("2026-07-27 12:00:00Z", 1_785_153_600 * Second)]
    [TestCase("2024-02-29T00:00:00Z", 1_709_164_800 * Second)]
    [TestCase("2000-03-01T00:00:00Z", 951_868_800 * Second)]
    [TestCase("2016-12-31T23:59:60Z", 1_483_228_800 * Second, Description = "a leap second is the second after it")]
    [TestCase("2261-12-31T23:59:59.999999999Z", (9_214_646_399 * Second) + 999_999_999)]
    [TestCase("0001-01-01T00:00:00Z", 0, Description = "Go's time that was never set")]
    [TestCase("1969-12-31T23:59:59.9Z", 0)]
    public void Reads_rfc3339_to_the_nanosecond(string text, long expected)
    {
        Assert.That(EventTime.TryParseRfc3339(Encoding.UTF8.GetBytes(text), out var actual), Is.True);
        Assert.That(actual, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("2026-07-27")]
    [TestCase("2026-07-27T12:00:00")]
    [TestCase("2026-07-27T12:00:00.Z")]
    [TestCase("2026-07-27T12:00:00.5")]
    [TestCase("2026-07-27T12:00:00Zz")]
    [TestCase("2026-13-27T12:00:00Z")]
    [TestCase("2026-02-29T12:00:00Z")]
    [TestCase("2026-07-00T12:00:00Z")]
    [TestCase("2026-07-27T24:00:00Z")]
    [TestCase("2026-07-27T12:60:00Z")]
    [TestCase("2026-07-27T12:00:61Z")]
    [TestCase("2026-07-27T12:00:00+24:00")]
    [TestCase("2026-07-27T12:00:00+0200")]
    [TestCase("0000-01-01T00:00:00Z")]
    [TestCase("2262-01-01T00:00:00Z")]
    [TestCase("9999-12-31T23:59:59Z")]
    [TestCase("2O26-07-27T12:00:00Z")]
    [TestCase("2026-07-27T12:00:0\u0665Z")]
    public void Refuses_what_is_not_a_time(string text) =>
        Assert.That(EventTime.TryParseRfc3339(Encoding.UTF8.GetBytes(text), out _), Is.False);

    [TestCase("1785153607.551", (1_785_153_607 * Second) + 551_000_000)]
    [TestCase("1785153607", 1_785_153_607 * Second)]
    [TestCase("1785153607551", (1_785_153_607 * Second) + 551_000_000)]
    [TestCase("1785153607551200", (1_785_153_607 * Second) + 551_200_000)]
    [TestCase("1785153607551200917", (1_785_153_607 * Second) + 551_200_917)]
    [TestCase("1.785153607551e9", (1_785_153_607 * Second) + 551_000_000)]
    public void Reads_unix_time_by_its_magnitude(string text, long expected)
    {
        Assert.That(EventTime.TryParseUnix(Encoding.UTF8.GetBytes(text), out var actual), Is.True);
        Assert.That(actual, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("0")]
    [TestCase("-1785153607")]
    [TestCase("1e40")]
    [TestCase("9999999999999999999999")]
    [TestCase("now")]
    public void Refuses_what_is_not_unix_time(string text) =>
        Assert.That(EventTime.TryParseUnix(Encoding.UTF8.GetBytes(text), out _), Is.False);

    [TestCase(1_785_153_600 * Second, "2026-07-27T12:00:00Z")]
    [TestCase((1_785_153_607 * Second) + 551_200_917, "2026-07-27T12:00:07.551200917Z")]
    [TestCase((1_785_153_607 * Second) + 500_000_000, "2026-07-27T12:00:07.5Z")]
    [TestCase((1_785_153_607 * Second) + 1, "2026-07-27T12:00:07.000000001Z")]
    [TestCase((9_214_646_399 * Second) + 999_999_999, "2261-12-31T23:59:59.999999999Z")]
    public void Writes_what_it_read(long time, string expected)
    {
        Span<byte> text = stackalloc byte[EventTime.MaxTextLength];
        var length = EventTime.Format(time, text);
        Assert.That(Encoding.UTF8.GetString(text[..length]), Is.EqualTo(expected));
    }

    [Test]
    public void Reads_every_day_of_four_centuries_as_the_calendar_has_it()
    {
        Span<byte> text = stackalloc byte[EventTime.MaxTextLength];
        for (var day = new DateTime(1970, 1, 2, 3, 4, 5, DateTimeKind.Utc); day.Year < 2262; day = day.AddDays(1))
        {
            var expected = (day - DateTime.UnixEpoch).Ticks * 100;
            var length = EventTime.Format(expected, text);
            if (!EventTime.TryParseRfc3339(text[..length], out var actual) || actual != expected)
                Assert.Fail($"{day:O} was read as {actual}");
        }
    }
}
