using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Hosting.Redelivery;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Hosting.Redelivery;

public sealed class RedeliveryTargetTests
{
    static OtlpOptions Configured => new()
    {
        Endpoint = "https://collector.example:4318",
        Headers = new Dictionary<string, Secret> { ["X-Key"] = new("s3cret") },
        GrafanaCloud = new OtlpGrafanaCloudOptions { InstanceId = "1", Token = new Secret("token") },
        Tls = new OtlpTlsOptions { CertFile = "c.pem", KeyFile = "k.pem", CaFile = "ca.pem", InsecureSkipVerify = true },
        Compression = OtlpChoice.Gzip,
        MaxRequestSize = 77,
    };

    [Test]
    public void Without_another_address_everything_is_as_configured()
    {
        var configured = Configured;

        Assert.That(RedeliveryTarget.Options(configured, null), Is.SameAs(configured));
    }

    [TestCase("https://collector.example:4318")]
    [TestCase("https://COLLECTOR.example:4318/other/path")]
    public void Credentials_go_to_their_own_origin(string url)
    {
        var target = Resolve(Configured, url);

        Assert.That(target.Headers.Keys, Is.EquivalentTo(new[] { "X-Key", "Authorization" }));
        Assert.That(target.Tls.CertFile, Is.EqualTo("c.pem"));
    }

    [TestCase("https://collector.example:4319")]
    [TestCase("http://collector.example:4318")]
    [TestCase("https://collector.example.evil:4318")]
    [TestCase("http://localhost:4318")]
    public void Credentials_go_to_no_other_origin(string url)
    {
        var configured = Configured;
        configured.Logs = new OtlpSignalOptions { Headers = new Dictionary<string, Secret> { ["X-Logs"] = new("s3cret") } };
        var target = Resolve(configured, url);

        Assert.That(target.Headers, Is.Empty);
        Assert.That((target.Tls.CertFile, target.Tls.KeyFile, target.Tls.CaFile, target.Tls.InsecureSkipVerify), Is.EqualTo(("", "", "", false)));
        Assert.That((target.Compression, target.MaxRequestSize), Is.EqualTo((OtlpChoice.Gzip, 77)), "how to deliver stays");
    }

    [Test]
    public void The_origin_that_counts_is_that_of_the_log_records()
    {
        var configured = Configured;
        configured.Logs = new OtlpSignalOptions { Endpoint = "https://logs.example/ingest" };

        Assert.That(Resolve(configured, "https://collector.example:4318").Headers, Is.Empty);
        Assert.That(Resolve(configured, "https://logs.example").Headers, Is.Not.Empty);
    }

    [TestCase(OtlpChoice.Http, "http://h:4318/base", OtlpChoice.Http, "http://h:4318/base/v1/logs")]
    [TestCase(OtlpChoice.Grpc, "http://h:4317", OtlpChoice.Grpc, "http://h:4317/")]
    [TestCase(OtlpChoice.Stdout, "http://h:4318", OtlpChoice.Http, "http://h:4318/v1/logs")]
    public void Another_address_speaks_the_configured_protocol(string configured, string url, string protocol, string address)
    {
        var target = Resolve(new OtlpOptions { Protocol = configured }, url);

        Assert.That((target.Protocol, target.Endpoint.ToString()), Is.EqualTo((protocol, address)));
    }

    [Test]
    public void Log_records_that_are_turned_off_need_another_address()
    {
        var configured = Configured;
        configured.Logs = new OtlpSignalOptions { Enabled = false };

        Assert.That(() => RedeliveryTarget.Options(configured, null), Throws.InvalidOperationException.With.Message.Contains("--otlp"));
        Assert.That(Resolve(configured, "https://collector.example:4318").Headers, Is.Empty, "whose credentials they are is not known");
    }

    [TestCase(OtlpChoice.Http, "http://user:pass@h:4318")]
    [TestCase(OtlpChoice.Grpc, "http://h:4317/path")]
    public void An_address_that_cannot_be_used_is_refused(string protocol, string url) =>
        Assert.That(() => RedeliveryTarget.Options(new OtlpOptions { Protocol = protocol }, new Uri(url)), Throws.InvalidOperationException.With.Message.Contains("--otlp").And.Message.Not.Contains("pass@"));

    static OtlpTarget Resolve(OtlpOptions configured, string url) => OtlpTarget.Resolve(RedeliveryTarget.Options(configured, new Uri(url)), OtlpSignal.Logs)!;
}
