using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>
/// A listener's certificate from its PEM files. The files are looked at again on handshakes, at most every few seconds, by
/// content: times and links say little where a volume is swapped underneath. A bad pair (as while one of the two files is
/// written) keeps the one that works.
/// </summary>
sealed partial class ServerCertificate
{
    const int LargestFile = 1024 * 1024;

    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    readonly Listener _listener;
    readonly CertificateMetrics _metrics;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly Lock _gate = new();
    SslServerAuthenticationOptions _current;
    byte[] _tried;
    long _lookedAt;

    /// <exception cref="ListenException">The files cannot be read, or do not go together.</exception>
    public ServerCertificate(Listener listener, CertificateMetrics metrics, TimeProvider time, ILogger<ServerCertificate> logger)
    {
        _listener = listener;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _lookedAt = time.GetTimestamp();
        try
        {
            var (certificate, key) = ReadFiles();
            _tried = Digest(certificate, key);
            _current = Load(certificate, key);
        }
        catch (Exception e) when (IsExpected(e))
        {
            throw new ListenException($"{listener.Name}.tls: cannot use {listener.Tls.CertFile} with {listener.Tls.KeyFile}: {e.Message}", e);
        }
    }

    /// <summary>What a handshake uses now.</summary>
    public SslServerAuthenticationOptions Current()
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_lookedAt) >= LookEvery)
            {
                _lookedAt = _time.GetTimestamp();
                Look();
            }

            return _current;
        }
    }

    void Look()
    {
        try
        {
            var (certificate, key) = ReadFiles();
            var digest = Digest(certificate, key);
            if (digest.AsSpan().SequenceEqual(_tried))
                return;

            _tried = digest;
            _current = Load(certificate, key);
            Log.Reloaded(_logger, _listener.Name);
        }
        catch (Exception e) when (IsExpected(e))
        {
            _metrics.Failed(_listener.Component);
            Log.Kept(_logger, _listener.Name, e);
        }
    }

    (string Certificate, string Key) ReadFiles() => (Read(_listener.Tls.CertFile), Read(_listener.Tls.KeyFile));

    static string Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[LargestFile];
        var length = file.ReadAtLeast(bytes, LargestFile, throwOnEndOfStream: false);
        return length < LargestFile ? Encoding.UTF8.GetString(bytes, 0, length) : throw new InvalidDataException($"{path} is no PEM file: it is larger than 1 MiB");
    }

    SslServerAuthenticationOptions Load(string certificate, string key)
    {
        var leaf = X509Certificate2.CreateFromPem(certificate, key);
        if (OperatingSystem.IsWindows())
        {
            // Windows' TLS does not take keys that exist only in memory.
            leaf = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        if (chain.Count > 0)
            chain.RemoveAt(0);
        _metrics.Loaded(_listener.Component, leaf.NotBefore, leaf.NotAfter, _time.GetUtcNow());
        return new SslServerAuthenticationOptions
        {
            // Offline: a handshake must not wait for the certificate authority's servers.
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };
    }

    static byte[] Digest(string certificate, string key) => SHA256.HashData(Encoding.UTF8.GetBytes($"{certificate}\0{key}"));

    static bool IsExpected(Exception e) =>
        e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or InvalidDataException;

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Read the changed certificate of {Listener}")]
        public static partial void Reloaded(ILogger logger, string listener);

        [LoggerMessage(2, LogLevel.Warning, "The certificate files of {Listener} cannot be used; the old certificate stays. Write both files of one pair")]
        public static partial void Kept(ILogger logger, string listener, Exception exception);
    }
}
