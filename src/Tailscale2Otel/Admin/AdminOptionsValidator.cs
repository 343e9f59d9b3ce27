using Microsoft.Extensions.Options;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Admin;

sealed class AdminOptionsValidator : IValidateOptions<AdminOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        var failures = new List<string>();
        if (!ListenAddress.TryParse(options.Listen, out _))
            failures.Add("admin.listen: not an address and port; allowed: 127.0.0.1:9091, [::1]:9091, localhost:9091 or :9091");
        if (options.Tls.CertFile.Length == 0 != (options.Tls.KeyFile.Length == 0))
            failures.Add($"admin.tls.{(options.Tls.CertFile.Length == 0 ? "cert_file" : "key_file")}: set both cert_file and key_file, or neither");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
