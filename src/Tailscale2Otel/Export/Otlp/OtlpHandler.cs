using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Connections to a backend: TLS as configured, no redirects, no cookies, no proxy credentials of its own.</summary>
static class OtlpHandler
{
    /// <summary>A backend behind a name that moves is found again after this long.</summary>
    static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <exception cref="InvalidOperationException">A certificate file cannot be used; the message names it.</exception>
    public static SocketsHttpHandler Create(OtlpTlsOptions tls, TimeSpan timeout)
    {
        var options = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.None,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (tls.CertFile.Length > 0)
            options.ClientCertificateContext = ClientCertificate(tls.CertFile, tls.KeyFile);
        if (tls.CaFile.Length > 0)
            options.CertificateChainPolicy = Trust(tls.CaFile);
        if (tls.InsecureSkipVerify)
            options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;

        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = timeout,
            ConnectCallback = BackendSocket.ConnectAsync,
            PooledConnectionLifetime = ConnectionLifetime,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(60),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ActivityHeadersPropagator = null,
            SslOptions = options,
        };
    }

    static SslStreamCertificateContext ClientCertificate(string certFile, string keyFile)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certFile);
            var certificate = X509Certificate2.CreateFromPemFile(certFile, keyFile);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The client certificate {certFile} with key {keyFile} cannot be used: {e.Message}", e);
        }
    }

    static X509ChainPolicy Trust(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(caFile);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The authorities in {caFile} cannot be used: {e.Message}", e);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new InvalidOperationException($"{caFile} holds no PEM certificate.");
    }
}
