using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Hosting.Listeners;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>Whether a receiver could do its work: credential and certificate. Its address is not bound, since a daemon may be there.</summary>
sealed class ReceiverCheck(CertificateMetrics unobserved, TimeProvider time)
{
    static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <param name="section">Of the configuration.</param>
    /// <param name="credential">Its key and whether it is set; null where none is needed.</param>
    public CheckFinding Of(string section, bool isEnabled, string listen, string path, TlsFiles tls, (string Key, bool IsSet)? credential)
    {
        if (!isEnabled)
            return CheckFinding.NotUsed($"{section}.enabled is false");
        if (!ListenAddress.TryParse(listen, out var address))
            return CheckFinding.Failed($"{section}.listen is no address", $"{section}.listen takes an address and a port");
        if (credential is { IsSet: false } && !address.IsLoopback)
        {
            return CheckFinding.Missing(
                $"{listen}{path} has no {credential.Value.Key} and answers 403 to everything",
                $"set {section}.{credential.Value.Key}, or listen on a loopback address: {section}.listen");
        }

        var access = credential switch { null => "", { IsSet: true } => $", {credential.Value.Key} set", _ => $", no {credential.Value.Key}: loopback only" };
        return tls.CertFile.Length == 0 ? CheckFinding.Ok($"{listen}{path}{access}") : WithCertificate(new Listener(section, section, address, tls), $"{listen}{path}{access}");
    }

    CheckFinding WithCertificate(Listener listener, string detail)
    {
        try
        {
            var certificate = new ServerCertificate(listener, unobserved, time, NullLogger<ServerCertificate>.Instance).Current().ServerCertificateContext!.TargetCertificate;
            var (begin, end) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
            var now = time.GetUtcNow().UtcDateTime;
            var renew = $"renew {listener.Name}.tls.cert_file; the daemon reads it again by itself";
            if (now > end)
                return CheckFinding.Failed($"{detail}, certificate expired {Date(end)}", renew);
            if (now < begin)
                return CheckFinding.Failed($"{detail}, certificate is valid only from {Date(begin)}", "check this machine's clock, or the certificate");
            return CheckFinding.Ok($"{detail}, certificate until {Date(end)}", end - now < Soon ? renew : "");
        }
        catch (ListenException e)
        {
            return CheckFinding.Failed($"{detail}, certificate cannot be used", e.Message);
        }
    }

    static string Date(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
