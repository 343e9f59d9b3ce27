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
        CheckPath("webhook", options.Path, failures);
        CheckSecrets("webhook", options.Secret, failures);
        CheckRoutes(options.Routes, failures);
        if (options.Tls.CertFile.Length == 0 != (options.Tls.KeyFile.Length == 0))
            failures.Add("webhook.tls: cert_file and key_file go together; set both or neither");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    static void CheckPath(string section, string path, List<string> failures)
    {
        if (path.Length == 0 || path[0] != '/' || path.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '?' or '#'))
            failures.Add($"{section}.path: begins with / and has neither white space nor ? nor #");
    }

    /// <summary>Every byte of the secret is part of the key, so that a space too many would turn every delivery away.</summary>
    static void CheckSecrets(string section, IReadOnlyList<Secret> secrets, List<string> failures)
    {
        if (secrets.Any(s => s.IsEmpty || s.Reveal().Any(char.IsControl) || s.Reveal() != s.Reveal().Trim()))
            failures.Add($"{section}.secret: not empty, without control characters and without white space at its ends; remove the entry or write it again");
    }

    static void CheckRoutes(IReadOnlyList<WebhookRouteOptions> routes, List<string> failures)
    {
        var secrets = new Dictionary<Secret, int>();
        foreach (var (index, route) in routes.Index())
        {
            var path = $"webhook.routes[{index}]";
            if (route.Path.Length > 0)
                CheckPath(path, route.Path, failures);
            CheckSecrets(path, route.Secret, failures);
            if (route.Secret.Count == 0)
                failures.Add($"{path}.secret: every route needs a secret of its own (secret or secret_file), which tells the tailnets apart");
            if (route.Secret.FirstOrDefault(s => !secrets.TryAdd(s, index) && secrets[s] != index) is { } shared)
                failures.Add($"{path}.secret: webhook.routes[{secrets[shared]}] has this secret already; each is for one tailnet");
        }
    }
}
