using Microsoft.Extensions.Options;

namespace Tailscale2Otel.Ingest.Poll.Releases;

/// <summary>Where a release can be asked for.</summary>
sealed class ReleaseOptionsValidator : IValidateOptions<ReleaseOptions>
{
    public ValidateOptionsResult Validate(string? name, ReleaseOptions options) =>
        Uri.TryCreate(options.Url, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) && url.UserInfo.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("version_checks.devices.url: must be an address such as https://pkgs.tailscale.com/stable/?mode=json, without a user");
}
