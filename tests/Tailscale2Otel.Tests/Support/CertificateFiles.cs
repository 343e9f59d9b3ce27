using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Support;

/// <summary>A certificate pair in files that a test can replace, issued through an intermediate as real ones are.</summary>
sealed class CertificateFiles : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tailscale2otel-cert-");
    readonly X509Certificate2 _root;
    readonly X509Certificate2 _intermediate;

    public CertificateFiles()
    {
        _root = Issue("CN=Test root", null);
        _intermediate = Issue("CN=Test intermediate", _root);
        Tls = new TlsFiles { CertFile = Path.Combine(_folder.FullName, "tls.crt"), KeyFile = Path.Combine(_folder.FullName, "tls.key") };
        Write("CN=first");
    }

    public TlsFiles Tls { get; }

    /// <summary>A new pair under the same names.</summary>
    public X509Certificate2 Write(string subject)
    {
        var leaf = Issue(subject, _intermediate, isAuthority: false);
        File.WriteAllText(Tls.CertFile, leaf.ExportCertificatePem() + "\n" + _intermediate.ExportCertificatePem());
        File.WriteAllText(Tls.KeyFile, leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return leaf;
    }

    /// <summary>Trusts only the root: what the server does not send of the chain is missing.</summary>
    public bool IsTrusted(X509Certificate2 leaf, X509Chain received)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ExtraStore.AddRange(received.ChainPolicy.ExtraStore);
        return chain.Build(leaf);
    }

    public void Dispose()
    {
        _root.Dispose();
        _intermediate.Dispose();
        _folder.Delete(recursive: true);
    }

    static X509Certificate2 Issue(string subject, X509Certificate2? issuer, bool isAuthority = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (!isAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
        }

        var now = TimeProvider.System.GetUtcNow();
        if (issuer is null)
            return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(5));
        using var issued = request.Create(issuer, now.AddDays(-1), now.AddDays(isAuthority ? 4 : 2), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
