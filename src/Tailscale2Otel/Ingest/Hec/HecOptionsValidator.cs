using Microsoft.Extensions.Options;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>What single attributes cannot say; the receiver must be enabled for the rules to count.</summary>
sealed class HecOptionsValidator : IValidateOptions<HecOptions>
{
    const long MiB = 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, HecOptions options)
    {
        List<string> failures = [];
        if (options.AutoConfigure && !options.Enabled)
            failures.Add("streaming.auto_configure: needs streaming.enabled, or logs are sent to where nobody listens");
        if (!options.Enabled)
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        if (!ListenAddress.TryParse(options.Listen, out _))
            failures.Add("streaming.listen: an address and a port, as in :8088, 127.0.0.1:8088, localhost:8088 or [fd7a:115c:a1e0::1]:8088");
        CheckPath("streaming", options.Path, failures);
        CheckTokens("streaming", options.Token, failures);
        CheckPublicUrl("streaming", options.PublicUrl, options.AutoConfigure, failures);
        HecRouteRules.Check(options.Routes, failures);
        if (options.Tls.CertFile.Length == 0 != (options.Tls.KeyFile.Length == 0))
            failures.Add("streaming.tls: cert_file and key_file go together; set both or neither");
        CheckBodies(options, failures);
        if (options.AckMaxPendingPerChannel > options.AckMaxPending)
            failures.Add("streaming.ack_max_pending_per_channel: at most ack_max_pending");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    static void CheckBodies(HecOptions options, List<string> failures)
    {
        var needed = HecLimits.BodyCopies * (long)BodyBuffer.LargestSize(HecLimits.From(options).BodyBytes);
        if (options.MaxConcurrentBodyBytes < needed)
            failures.Add($"streaming.max_concurrent_body_bytes: at least twice max_body_bytes (64 MiB when that is 0, 256 MiB when negative), or its largest body would be refused each time; set {(needed + MiB - 1) / MiB}MiB or more, or a smaller max_body_bytes");
    }

    /// <param name="section">Full key of what has the path.</param>
    public static void CheckPath(string section, string path, List<string> failures)
    {
        if (path.Length == 0 || path[0] != '/' || path.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '?' or '#'))
            failures.Add($"{section}.path: begins with / and has neither white space nor ? nor #");
        else if (HecRoutes.IsReserved(path))
            failures.Add($"{section}.path: must not be one of the protocol's own paths for raw, health or ack");
    }

    /// <summary>A header cannot carry control characters, and white space at the ends is lost on the way.</summary>
    public static void CheckTokens(string section, IReadOnlyList<Secret> tokens, List<string> failures)
    {
        if (tokens.Any(t => t.IsEmpty || t.Reveal().Any(char.IsControl) || t.Reveal() != t.Reveal().Trim()))
            failures.Add($"{section}.token: not empty, without control characters and without white space at its ends; remove the entry or write it again");
    }

    public static void CheckPublicUrl(string section, string url, bool autoConfigure, List<string> failures)
    {
        if (url.Length > 0 && PublicUrl.Problem(url) is { } problem)
            failures.Add($"{section}.public_url: {problem}");
        else if (url.Length == 0 && autoConfigure)
            failures.Add($"{section}.auto_configure: needs public_url, the address that Tailscale is to send to");
    }
}
