using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Ingest.Webhook;

public sealed class WebhookOptionsValidatorTests
{
    [Test]
    public void Defaults_are_valid() => Assert.That(Failures(_ => { }), Is.Empty);

    [TestCase("8089")]
    [TestCase("host:8089")]
    [TestCase("")]
    public void A_listen_address_is_an_address_and_a_port(string listen) => Assert.That(Failures(o => o.Listen = listen), Is.EqualTo(new[] { "webhook.listen" }));

    [TestCase("")]
    [TestCase("hook")]
    [TestCase("/a b")]
    [TestCase("/a?b")]
    [TestCase("/a#b")]
    public void A_path_is_one(string path) => Assert.That(Failures(o => o.Path = path), Is.EqualTo(new[] { "webhook.path" }));

    [TestCase("")]
    [TestCase(" s")]
    [TestCase("s\n")]
    [TestCase("a\tb")]
    public void A_secret_has_nothing_that_a_file_or_a_shell_adds(string secret) =>
        Assert.That(Failures(o => o.Secret = [new Secret("good"), new Secret(secret)]), Is.EqualTo(new[] { "webhook.secret" }));

    [Test]
    public void A_certificate_has_two_files() => Assert.That(Failures(o => o.Tls = new TlsFiles { CertFile = "x" }), Is.EqualTo(new[] { "webhook.tls" }));

    [Test]
    public void Nothing_counts_while_it_is_off() => Assert.That(Failures(o => (o.Enabled, o.Path) = (false, "")), Is.Empty);

    [TestCase(0, 1048576, 4)]
    [TestCase(-1, 62914560, -1)]
    [TestCase(77, 77, 77)]
    public void Zero_and_negative_limits_have_a_meaning(int value, int body, int requests)
    {
        var options = new WebhookOptions { MaxBodyBytes = value, MaxConcurrentRequests = value };
        Assert.That((options.BodyLimit, options.RequestLimit), Is.EqualTo((body, requests)));
    }

    static string[] Failures(Action<WebhookOptions> change)
    {
        var options = new WebhookOptions { Enabled = true };
        change(options);
        return [.. (new WebhookOptionsValidator().Validate(null, options).Failures ?? []).Select(f => f.Split(':')[0])];
    }
}
