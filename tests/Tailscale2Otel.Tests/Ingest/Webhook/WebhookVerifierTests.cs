using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Webhook;

public sealed class WebhookVerifierTests
{
    const long Now = SignedDelivery.ExampleTime;
    const int Minute = 60;
    const int Hour = 3600;

    static readonly byte[] Example = Encoding.UTF8.GetBytes(SignedDelivery.ExampleBody);

    [Test]
    public void The_documented_vectors_verify()
    {
        Assert.That(Example, Has.Length.EqualTo(129));
        Assert.That(Check($"t={Now},v1={SignedDelivery.ExampleMac}", Example).Fault, Is.EqualTo(WebhookFault.None));
        Assert.That(Check($"t={Now},v1=cb5b77dd611246d275bdeeae83569b312ab804f98afadefdb47cf78b24d6c2d0", Fixture("webhook-batch.json")).Fault, Is.EqualTo(WebhookFault.None));
        Assert.That(
            Check($"t={Now},v1=d4c68e9cedd780bca52f6d3a80b8739bc1f7c6700463a2e3989a41625c785d2d,v1={SignedDelivery.ExampleMac}", Example).Fault,
            Is.EqualTo(WebhookFault.None));
        Assert.That(
            Check($"t={Now},v1=d4c68e9cedd780bca52f6d3a80b8739bc1f7c6700463a2e3989a41625c785d2d", Example, secret: "tskey-webhook-old").Fault,
            Is.EqualTo(WebhookFault.None));
    }

    [Test]
    public void The_captured_headers_go_with_the_captured_body()
    {
        var header = Encoding.UTF8.GetString(Fixture("webhook-headers.txt")).Split('\n').Single(l => l.StartsWith(SignedDelivery.HeaderName, StringComparison.Ordinal)).Split(": ")[1];

        Assert.That(Check(header, Fixture("webhook-batch.json")), Is.EqualTo(new WebhookVerdict(WebhookFault.None, Now)));
    }

    [Test]
    [Needs("openssl")]
    public void What_openssl_signs_verifies([Values(0, 1, 1638, 100_000)] int length, [Values(0L, 1785153605L, 999999999999L)] long time)
    {
        var body = new byte[length];
        new Random(length).NextBytes(body);
        var signed = (byte[])[.. Encoding.ASCII.GetBytes(time.ToString(CultureInfo.InvariantCulture)), (byte)'.', .. body];
        var start = new ProcessStartInfo("openssl", ["dgst", "-sha256", "-hmac", SignedDelivery.Secret, "-r"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var openssl = Process.Start(start)!;
        openssl.StandardInput.BaseStream.Write(signed);
        openssl.StandardInput.Close();
        var mac = openssl.StandardOutput.ReadToEnd().Split(' ')[0];
        openssl.WaitForExit();

        Assert.That(Check($"t={time},v1={mac}", body, tolerance: 0).Fault, Is.EqualTo(WebhookFault.None), mac);
        Assert.That(Check($"t={time},v1={mac}", [.. body, (byte)'\n'], tolerance: 0).Fault, Is.EqualTo(WebhookFault.BadSignature));
    }

    [TestCase(0, WebhookFault.None, false)]
    [TestCase(5 * Minute, WebhookFault.None, false)]
    [TestCase(5 * Minute + 1, WebhookFault.None, true)]
    [TestCase(1 * Hour, WebhookFault.None, true)]
    [TestCase(24 * Hour, WebhookFault.None, true)]
    [TestCase(25 * Hour, WebhookFault.None, true)]
    [TestCase(25 * Hour + 1, WebhookFault.StaleTimestamp, false)]
    [TestCase(-5 * Minute, WebhookFault.None, false)]
    [TestCase(-5 * Minute - 1, WebhookFault.FutureTimestamp, false)]
    [TestCase(-24 * Hour, WebhookFault.FutureTimestamp, false)]
    public void A_retry_with_its_first_time_is_taken_as_long_as_a_replay_would_be_recognised(int age, object fault, bool isStale) =>
        Assert.That(Check(SignedDelivery.Header(Now - age, Example), Example), Is.EqualTo(new WebhookVerdict((WebhookFault)fault, Now - age, isStale)));

    [Test]
    public void A_time_beyond_every_clock_is_the_future() =>
        Assert.That(Check(SignedDelivery.Header(999_999_999_999_999, Example), Example).Fault, Is.EqualTo(WebhookFault.FutureTimestamp));

    [TestCase(26 * Hour, 5 * Minute, 25 * Hour)]
    [TestCase(2 * Hour, 5 * Minute, 2 * Hour - 5 * Minute)]
    [TestCase(1 * Minute, 5 * Minute, 5 * Minute)]
    [TestCase(30 * 24 * Hour, 5 * Minute, 25 * Hour)]
    [TestCase(26 * Hour, 2 * Hour, 24 * Hour)]
    public void The_deduplication_window_bounds_the_age(int memory, int tolerance, int oldest) =>
        Assert.That(
            new WebhookVerifier([], TimeSpan.FromSeconds(tolerance), TimeSpan.FromSeconds(memory), TimeProvider.System).OldestAge,
            Is.EqualTo(TimeSpan.FromSeconds(oldest)));

    [TestCase(365 * 24 * Hour, true)]
    [TestCase(-365 * 24 * Hour, false)]
    [TestCase(0, false)]
    public void A_tolerance_of_0_takes_any_age(int age, bool isStale) =>
        Assert.That(Check(SignedDelivery.Header(Now - age, Example), Example, tolerance: 0), Is.EqualTo(new WebhookVerdict(WebhookFault.None, Now - age, isStale)));

    [Test]
    public void Without_a_fitting_signature_the_time_is_not_looked_at()
    {
        Assert.That(Check(SignedDelivery.Header(1, Example, "other"), Example), Is.EqualTo(new WebhookVerdict(WebhookFault.BadSignature)));
        Assert.That(Check("", Example), Is.EqualTo(new WebhookVerdict(WebhookFault.MissingSignature)));
        Assert.That(Check("t=1", Example), Is.EqualTo(new WebhookVerdict(WebhookFault.MalformedSignature)));
    }

    [Test]
    public void Any_of_the_secrets_fits_and_no_other()
    {
        var verifier = New([new Secret("one"), new Secret(SignedDelivery.Secret), new Secret("three")]);

        foreach (var secret in new[] { "one", SignedDelivery.Secret, "three" })
            Assert.That(verifier.Check(SignedDelivery.Header(Now, Example, secret), Example).Fault, Is.EqualTo(WebhookFault.None), secret);
        foreach (var secret in new[] { "two", "", "onetskey", SignedDelivery.Secret["tskey-webhook-".Length..], SignedDelivery.Secret + "\n" })
            Assert.That(verifier.Check(SignedDelivery.Header(Now, Example, secret), Example).Fault, Is.EqualTo(WebhookFault.BadSignature), secret);
    }

    static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", name));

    static WebhookVerdict Check(string header, byte[] body, string secret = SignedDelivery.Secret, int tolerance = 5 * Minute) =>
        New([new Secret(secret)], tolerance).Check(header, body);

    static WebhookVerifier New(Secret[] secrets, int tolerance = 5 * Minute) =>
        new(secrets, TimeSpan.FromSeconds(tolerance), WebhookHost.Memory, WebhookHost.At(Now));
}
