using Tailscale2Otel.Redaction;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Redaction;

sealed class PiiFilterOptionsTests
{
    [Test]
    public void Emits_everything_unless_told_otherwise()
    {
        Assert.That(new PiiFilterOptions().Switches().All(s => s.IsEmitted));
        Assert.That(new Redactor(new PiiFilterOptions()).OrNull(), Is.Null);
    }

    [Test]
    public void Every_category_has_a_switch_and_every_switch_its_category()
    {
        var single = Enum.GetValues<PiiCategories>().Where(c => c != PiiCategories.None && c != PiiCategories.Ips);

        Assert.That(SomeFilter.Categories, Is.EquivalentTo(single));
        foreach (var category in SomeFilter.Categories)
            Assert.That(SomeFilter.Off(category).Removed, Is.EqualTo(category));
    }

    [Test]
    public void A_metric_says_which_categories_are_emitted()
    {
        using var readings = new MeterReadings();
        PiiFilterMetric.Register(readings.Meter, SomeFilter.Options(PiiCategories.Hostnames));

        var series = readings.Observe("tailscale2otel.pii_filter.category");

        Assert.That(series, Has.Count.EqualTo(14));
        Assert.That(series.Where(s => s.Value == 0).Select(s => s.Key), Is.EqualTo(new[] { "category=hostnames" }));
    }
}
