using Tailscale2Otel.Cli;
using Tailscale2Otel.Demo;

namespace Tailscale2Otel.Tests.Demo;

[TestFixture]
public sealed class DemoLimitsTests
{
    static IEnumerable<TestCaseData> OutOfRange =>
    [
        new TestCaseData(new DemoArguments { Nodes = 2 }, "--nodes: 2 "),
        new TestCaseData(new DemoArguments { Nodes = DemoLimits.MaxNodes + 1 }, "--nodes: 100001 "),
        new TestCaseData(new DemoArguments { Rate = 0 }, "--rate: 0 "),
        new TestCaseData(new DemoArguments { Rate = double.NaN }, "--rate: NaN "),
        new TestCaseData(new DemoArguments { Rate = double.PositiveInfinity }, "--rate: "),
        new TestCaseData(new DemoArguments { Duration = TimeSpan.Zero }, "--duration: 00:00:00 "),
        new TestCaseData(new DemoArguments { Duration = TimeSpan.FromDays(31) }, "--duration: 31.00:00:00 "),
        new TestCaseData(new DemoArguments { Otlp = new Uri("ftp://host/") }, "--otlp: ftp://host/ "),
        new TestCaseData(new DemoArguments { Otlp = new Uri("relative", UriKind.Relative) }, "--otlp: relative "),
    ];

    [Test]
    public void The_defaults_are_fine() => Assert.That(DemoLimits.Problems(new DemoArguments()), Is.Empty);

    [TestCaseSource(nameof(OutOfRange))]
    public void A_value_out_of_range_is_named_with_its_option(object arguments, string start) =>
        Assert.That(DemoLimits.Problems((DemoArguments)arguments).Single(), Does.StartWith(start));

    [Test]
    public void All_problems_are_told_at_once() =>
        Assert.That(DemoLimits.Problems(new DemoArguments { Nodes = 0, Rate = -1 }), Has.Count.EqualTo(2));
}
