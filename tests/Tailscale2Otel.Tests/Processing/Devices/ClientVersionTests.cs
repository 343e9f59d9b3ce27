using Tailscale2Otel.Processing.Devices;

namespace Tailscale2Otel.Tests.Processing.Devices;

public sealed class ClientVersionTests
{
    [TestCase("1.96.2-t1a2b3c-g4d5e6f", "1.98.4", 2)]
    [TestCase("1.98.1", "1.98.4", 0)]
    [TestCase("1.99.10", "1.98.4", 0)]
    [TestCase("0.98.0", "1.98.4", 0)]
    public void Is_behind_by_minor_releases(string version, string latest, int behind) =>
        Assert.That(ClientVersion.Parse(version)!.Value.MinorsBehind(ClientVersion.Parse(latest)!.Value), Is.EqualTo(behind));

    [TestCase("")]
    [TestCase("1.98")]
    [TestCase("v1.98.4")]
    [TestCase("1.9999999999.4")]
    public void What_is_none_is_none(string text) => Assert.That(ClientVersion.Parse(text), Is.Null);
}
