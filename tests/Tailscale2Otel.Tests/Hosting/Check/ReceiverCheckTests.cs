using System.Diagnostics.Metrics;
using Tailscale2Otel.Hosting.Check;
using Tailscale2Otel.Hosting.Listeners;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Check;

[TestFixture]
public sealed class ReceiverCheckTests
{
    static readonly TlsFiles Plain = new();

    readonly ManualTime _time = new(TimeProvider.System.GetUtcNow());
    readonly Meter _meter = new("tailscale2otel-test");

    [OneTimeTearDown]
    public void DisposeMeter() => _meter.Dispose();

    [Test]
    public void One_that_is_off_is_not_used() =>
        Assert.That(Check(false, "nonsense", Plain, false), Is.EqualTo(CheckFinding.NotUsed("streaming.enabled is false")));

    [Test]
    public void One_with_a_credential_works() =>
        Assert.That(Check(true, ":8088", Plain, true), Is.EqualTo(CheckFinding.Ok(":8088/event, token set")));

    [Test]
    public void One_without_a_credential_needs_one_unless_it_is_on_loopback()
    {
        Assert.That(Check(true, "127.0.0.1:8088", Plain, false), Is.EqualTo(CheckFinding.Ok("127.0.0.1:8088/event, no token: loopback only")));
        Assert.That(Check(true, ":8088", Plain, false), Is.EqualTo(CheckFinding.Missing(
            ":8088/event has no token and answers 403 to everything", "set streaming.token, or listen on a loopback address: streaming.listen")));
    }

    [Test]
    public void An_address_that_is_none_fails() =>
        Assert.That(Check(true, "nonsense", Plain, true).State, Is.EqualTo(CheckState.Failed));

    [Test]
    public void A_certificate_is_loaded_and_its_end_told()
    {
        using var files = new CertificateFiles();
        using var leaf = files.Write("CN=some");

        // The test's certificates live for two days.
        var finding = Check(true, ":8088", files.Tls, true);
        Assert.That(finding.State, Is.EqualTo(CheckState.Ok));
        Assert.That(finding.Detail, Is.EqualTo($":8088/event, token set, certificate until {leaf.NotAfter.ToUniversalTime():yyyy-MM-dd}"));
        Assert.That(finding.ToDo, Does.StartWith("renew streaming.tls.cert_file"));

        _time.Jump(TimeSpan.FromDays(3));
        Assert.That(Check(true, ":8088", files.Tls, true).State, Is.EqualTo(CheckState.Failed));
        Assert.That(Check(true, ":8088", files.Tls, true).Detail, Does.Contain("certificate expired"));

        _time.Jump(TimeSpan.FromDays(-10));
        Assert.That(Check(true, ":8088", files.Tls, true).Detail, Does.Contain("valid only from"));
        _time.Jump(TimeSpan.FromDays(7));
    }

    [Test]
    public void A_key_that_belongs_to_another_certificate_fails_and_is_not_printed()
    {
        using var files = new CertificateFiles();
        using var others = new CertificateFiles();
        var key = File.ReadAllText(others.Tls.KeyFile);
        File.WriteAllText(files.Tls.KeyFile, key);

        var finding = Check(true, ":8088", files.Tls, true);

        Assert.That(finding.State, Is.EqualTo(CheckState.Failed));
        Assert.That(finding.ToDo, Does.Contain(files.Tls.CertFile).And.Not.Contain(key[40..80]));
    }

    CheckFinding Check(bool isEnabled, string listen, TlsFiles tls, bool isSet) =>
        new ReceiverCheck(new CertificateMetrics(_meter), _time).Of("streaming", isEnabled, listen, "/event", tls, ("token", isSet));
}
