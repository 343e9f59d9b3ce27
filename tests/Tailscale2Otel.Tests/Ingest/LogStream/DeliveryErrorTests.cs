using Tailscale2Otel.Ingest.LogStream;

namespace Tailscale2Otel.Tests.Ingest.LogStream;

[TestFixture]
public sealed class DeliveryErrorTests
{
    [TestCase("Post \"http://laptop.tail0.ts.net:8088/\": dial tcp [fd7a::1]:8088: connect: connection refused", "connection refused")]
    [TestCase("dial tcp: lookup laptop.tail0.ts.net: no such host", "the name cannot be resolved")]
    [TestCase("unexpected status 403 Forbidden from laptop", "HTTP 403")]
    [TestCase("tls: failed to verify certificate: x509: unknown authority", "TLS")]
    [TestCase("context deadline exceeded", "no answer in time")]
    [TestCase("ada@example.com did it", "see the admin console")]
    public void An_error_is_told_by_its_kind_alone(string error, string expected) => Assert.That(DeliveryError.InWords(error), Is.EqualTo(expected));

    [Test]
    public void The_end_of_a_very_long_one_is_not_looked_at() =>
        Assert.That(DeliveryError.InWords(new string('x', 5000) + " 403 "), Is.EqualTo("see the admin console"));
}
