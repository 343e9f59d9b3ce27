using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class TailscaleOptionsValidatorTests
{
    [Test]
    public void The_defaults_are_valid() => Assert.That(Failures(_ => { }), Is.Empty);

    [TestCase("https://api.tailscale.com")]
    [TestCase("https://api.tailscale.com/")]
    [TestCase("https://proxy.example:8443")]
    [TestCase("http://localhost:8080")]
    [TestCase("http://127.0.0.1:1")]
    [TestCase("http://[::1]:1")]
    public void An_origin_is_fine(string url) => Assert.That(Failures(o => o.ApiUrl = url), Is.Empty);

    [TestCase("api.tailscale.com")]
    [TestCase("ftp://api.tailscale.com")]
    [TestCase("/etc/passwd")]
    [TestCase("https://user:hunter2@api.tailscale.com")]
    [TestCase("https://api.tailscale.com/api/v2")]
    [TestCase("https://api.tailscale.com/?x=1")]
    [TestCase("https://api.tailscale.com/#x")]
    [TestCase("http://api.tailscale.com")]
    [TestCase("http://192.0.2.1")]
    public void Anything_else_is_not(string url)
    {
        var failures = Failures(o => o.ApiUrl = url);

        Assert.That(failures, Has.Length.EqualTo(1));
        Assert.That(failures[0], Does.StartWith("tailscale.api_url: ").And.Not.Contain("hunter2"));
    }

    [Test]
    public void Waits_between_attempts_have_an_order() =>
        Assert.That(Failures(o => o.Http.Retry.BaseDelay = TimeSpan.FromSeconds(11)).Single(), Does.StartWith("tailscale.http.retry.max_delay: "));

    [Test]
    public void All_are_told_at_once() => Assert.That(
        Failures(o =>
        {
            o.ApiUrl = "";
            o.Http.Retry.BaseDelay = TimeSpan.FromSeconds(11);
            o.Auth.Apikey = new Secret("tskey-api-x");
        }),
        Has.Length.EqualTo(3));

    static string[] Failures(Action<TailscaleOptions> change)
    {
        var options = new TailscaleOptions();
        change(options);
        return [.. new TailscaleOptionsValidator().Validate(null, options).Failures ?? []];
    }
}
