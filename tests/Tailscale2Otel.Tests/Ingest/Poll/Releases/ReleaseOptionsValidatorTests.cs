using Tailscale2Otel.Ingest.Poll.Releases;

namespace Tailscale2Otel.Tests.Ingest.Poll.Releases;

public sealed class ReleaseOptionsValidatorTests
{
    [TestCase("https://pkgs.tailscale.com/stable/?mode=json", true)]
    [TestCase("http://mirror.internal:8080/latest.json", true)]
    [TestCase("", false)]
    [TestCase("pkgs.tailscale.com", false)]
    [TestCase("file:///etc/passwd", false)]
    [TestCase("https://user:secret@pkgs.tailscale.com/", false)]
    public void Takes_an_address_without_a_user(string url, bool isValid) =>
        Assert.That(new ReleaseOptionsValidator().Validate(null, new ReleaseOptions { Url = url }).Succeeded, Is.EqualTo(isValid));
}
