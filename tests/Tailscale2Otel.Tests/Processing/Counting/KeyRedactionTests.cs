using System.Text;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Tests.Redaction;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Counting;

sealed class KeyRedactionTests
{
    [TestCase(PiiCategories.Hostnames, 1)]
    [TestCase(PiiCategories.Emails, 2)]
    public void Series_that_become_equal_are_added_up(object off, int series)
    {
        using var readings = new MeterReadings();
        var family = new CounterFamily(readings.Meter, ["network.transport", "tailscale.src.node"], [], 1, 100, SomeFilter.Off((PiiCategories)off));
        family.Report(0, "test", "1", "");

        family.Add(5, "tcp"u8, "web-1"u8);
        family.Add(7, "tcp"u8, "web-2"u8);
        family.Freeze();

        Assert.That(readings.Observe("test"), Has.Count.EqualTo(series));
        Assert.That(readings.Observe("test").Values.Sum(), Is.EqualTo(12));
    }

    [Test]
    public void Nothing_stands_between_where_no_field_is_ever_removed()
    {
        Assert.That(KeyRedaction.For(["network.transport", "reason"], SomeFilter.Off(PiiCategories.Hostnames)), Is.Null);
        Assert.That(KeyRedaction.For(["tailscale.src.node"], SomeFilter.Off(PiiCategories.None)), Is.Null);
        Assert.That(KeyRedaction.For(["tailscale.src.node"], null), Is.Null);
    }

    [Test]
    public void A_key_that_was_redacted_stays_as_it_is()
    {
        var redaction = KeyRedaction.For(["tailscale.src.node", "tailscale.dst.node"], SomeFilter.Off(PiiCategories.Hostnames))!;
        var key = new CounterKey(new byte[CounterKey.SizeFor(2)]);
        key.Add("web-1"u8);
        key.Add("external"u8);

        var once = redaction.Apply(key.Bytes).ToArray();

        Assert.That(redaction.Apply(once).ToArray(), Is.EqualTo(once));
        Assert.That(Encoding.UTF8.GetString(once), Does.EndWith("external").And.Not.Contains("web-1"));
    }
}
