using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Export.Otlp;

sealed class OtlpHandlerTests
{
    readonly OtlpCertificates _certificates = new();

    [Test]
    public void Names_the_file_that_cannot_be_used()
    {
        Assert.Multiple(() =>
        {
            Refuses(new OtlpTlsOptions { CaFile = "/no/such/ca.pem" }, "/no/such/ca.pem");
            Refuses(new OtlpTlsOptions { CaFile = _certificates.ServerKeyFile }, _certificates.ServerKeyFile);
            Refuses(new OtlpTlsOptions { CertFile = "/no/such.pem", KeyFile = _certificates.ClientKeyFile }, "/no/such.pem");
            Refuses(new OtlpTlsOptions { CertFile = _certificates.ClientCertFile, KeyFile = _certificates.ServerKeyFile }, _certificates.ServerKeyFile);
        });
    }

    [Test]
    public void Follows_no_redirect_and_keeps_no_cookie()
    {
        using var handler = OtlpHandler.Create(new OtlpTlsOptions(), TimeSpan.FromSeconds(3));

        Assert.That((handler.AllowAutoRedirect, handler.UseCookies, handler.ConnectTimeout), Is.EqualTo((false, false, TimeSpan.FromSeconds(3))));
    }

    [OneTimeTearDown]
    public void Delete() => _certificates.Dispose();

    static void Refuses(OtlpTlsOptions tls, string file) =>
        Assert.That(() => OtlpHandler.Create(tls, TimeSpan.FromSeconds(1)), Throws.InvalidOperationException.With.Message.Contains(file));
}
