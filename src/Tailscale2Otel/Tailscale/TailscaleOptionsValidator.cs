using Microsoft.Extensions.Options;

namespace Tailscale2Otel.Tailscale;

/// <summary>Rules over several keys of <c>tailscale</c>.</summary>
sealed class TailscaleOptionsValidator : IValidateOptions<TailscaleOptions>
{
    public ValidateOptionsResult Validate(string? name, TailscaleOptions options)
    {
        List<string> failures = [];
        if (ApiUrlProblem(options.ApiUrl) is { } problem)
            failures.Add($"tailscale.api_url: {problem}");
        if (options.Http.Retry.MaxDelay < options.Http.Retry.BaseDelay)
            failures.Add("tailscale.http.retry.max_delay: must not be less than tailscale.http.retry.base_delay");
        failures.AddRange(ApiAuthRules.Failures("tailscale.auth", options.Auth));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>Null for an origin that a credential may be sent to.</summary>
    static string? ApiUrlProblem(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            return "must be an address such as https://api.tailscale.com";
        if (url.UserInfo.Length > 0 || url.PathAndQuery != "/" || url.Fragment.Length > 0)
            return "scheme, host and port alone, without user, path, query or fragment";
        return url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback ? "must be https, unless the host is a loopback address: the credential would go there in the clear" : null;
    }
}
