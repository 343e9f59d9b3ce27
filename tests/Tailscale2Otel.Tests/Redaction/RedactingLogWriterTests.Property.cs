using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Tests.Redaction;

sealed partial class RedactingLogWriterTests
{
    [Test]
    public void No_planted_value_of_a_category_that_is_off_is_seen_anywhere() =>
        Prop.ForAll(Gen.Choose(1, (1 << 14) - 1).ToArbitrary(), Gen.Choose(1, int.MaxValue).ToArbitrary(), (mask, seed) =>
        {
            Leaks((PiiCategories)mask, seed);
        }).QuickCheckThrowOnFailure();

    [TestCaseSource(typeof(SomeFilter), nameof(SomeFilter.Categories))]
    public void Each_category_alone_hides_its_values_and_no_other(object category)
    {
        const int Seed = 987_654_321;
        Leaks((PiiCategories)category, Seed);

        var planted = new PlantedTailnet(Seed);
        var everything = Everything(planted.Send(SomeFilter.Options((PiiCategories)category)));
        var others = SomeFilter.Categories.Where(c => c != (PiiCategories)category && c != PiiCategories.FreeTextDetails && (PiiCategories)category != PiiCategories.FreeTextDetails);
        Assert.That(others.SelectMany(planted.ValuesOf).Where(v => !everything.Contains(v, StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }

    [Test]
    public void With_everything_emitted_all_is_as_without_a_filter()
    {
        var planted = new PlantedTailnet(12_345);
        var (plain, filtered) = (planted.Send(null), planted.Send(new PiiFilterOptions()));

        Assert.That(filtered.Logs, Is.EqualTo(plain.Logs));
        Assert.That(filtered.Series, Is.EqualTo(plain.Series));
        Assert.That(filtered.Letters, Is.EqualTo(plain.Letters));
        Assert.That(SomeFilter.Categories.SelectMany(planted.ValuesOf).Where(v => !Everything(plain).Contains(v, StringComparison.OrdinalIgnoreCase)), Is.Empty, "what is looked for is there");
    }

    [Test]
    public void Counters_stay_true_whatever_is_taken_out()
    {
        var planted = new PlantedTailnet(777);
        var (plain, filtered) = (Sums(planted.Send(null).Series), Sums(planted.Send(SomeFilter.Options((PiiCategories)((1 << 14) - 1))).Series));

        Assert.That(filtered, Is.EqualTo(plain));
        Assert.That(plain["tailscale.network.io"], Is.EqualTo(27));
    }

    static Dictionary<string, long> Sums(IReadOnlyList<string> series) => series
        .Where(s => !s.StartsWith("tailscale.network.unique", StringComparison.Ordinal))
        .GroupBy(s => s.Split(' ')[0])
        .ToDictionary(g => g.Key, g => g.Sum(s => long.Parse(s.Split(" = ")[1])));

    static void Leaks(PiiCategories off, int seed)
    {
        var planted = new PlantedTailnet(seed);
        var everything = Everything(planted.Send(SomeFilter.Options(off)));

        foreach (var category in SomeFilter.Categories.Where(c => (off & c) != 0))
        {
            foreach (var value in planted.ValuesOf(category))
            {
                var at = everything.IndexOf(value, StringComparison.OrdinalIgnoreCase);
                Assert.That(at, Is.Negative, () => $"{value} ({category}) with {off} off, seed {seed}: …{everything[Math.Max(0, at - 120)..Math.Min(everything.Length, at + 80)]}…");
            }
        }
    }

    static string Everything((byte[] Logs, IReadOnlyList<string> Decoded, IReadOnlyList<string> Series, string Letters) sent) =>
        string.Join('\n', [Encoding.UTF8.GetString(sent.Logs), .. sent.Decoded, .. sent.Series, sent.Letters]);
}
