using Microsoft.Extensions.Options;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>What single attributes cannot say; the receiver must be enabled for the rules to count.</summary>
sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        if (!options.Enabled)
            return ValidateOptionsResult.Success;

        List<string> failures = [];
        if (!ListenAddress.TryParse(options.Listen, out _))
            failures.Add("webhook.listen: an address and a port, as in :8089, 127.0.0.1:8089, localhost:8089 or [fd7a:115c:a1e0::1]:8089");
        if (options.Path.Length == 0 || options.Path[0] != '/' || options.Path.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '?' or '#'))
            failures.Add("webhook.path: begins with / and has neither white space nor ? nor #");
        // Every byte of the secret is part of the key, so that a space too many would turn every delivery away.
        if (options.Secret.Any(s => s.IsEmpty || s.Reveal().Any(char.IsControl) || s.Reveal() != s.Reveal().Trim()))
            failures.Add("webhook.secret: not empty, without control characters and without white space at its ends; remove the entry or write it again");
        if (options.Tls.CertFile.Length == 0 != (options.Tls.KeyFile.Length == 0))
            failures.Add("webhook.tls: cert_file and key_file go together; set both or neither");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
