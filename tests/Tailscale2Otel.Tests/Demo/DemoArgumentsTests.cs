using Tailscale2Otel.Demo;

namespace Tailscale2Otel.Tests.Demo;

[TestFixture]
public sealed class DemoArgumentsTests
{
    [Test]
    public void The_defaults_are_fine() => Assert.That(new DemoArguments().Problems(), Is.Empty);

    [Test]
    public void Every_value_out_of_range_is_named_with_its_option() => Assert.Multiple(() =>
    {
        Assert.That(new DemoArguments { Nodes = 2 }.Problems().Single(), Does.StartWith("--nodes: 2 "));
        Assert.That(new DemoArguments { Rate = 0 }.Problems().Single(), Does.StartWith("--rate: 0 "));
        Assert.That(new DemoArguments { Rate = double.NaN }.Problems().Single(), Does.StartWith("--rate: NaN "));
        Assert.That(new DemoArguments { Duration = TimeSpan.Zero }.Problems().Single(), Does.StartWith("--duration: 00:00:00 "));
        Assert.That(new DemoArguments { Otlp = new Uri("ftp://host/") }.Problems().Single(), Does.StartWith("--otlp: ftp://host/ "));
        Assert.That(new DemoArguments { Nodes = 0, Rate = -1 }.Problems(), Has.Count.EqualTo(2));
    });
}
