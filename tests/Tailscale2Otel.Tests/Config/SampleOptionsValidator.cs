using Microsoft.Extensions.Options;

namespace Tailscale2Otel.Tests.Config;

sealed class SampleOptionsValidator : IValidateOptions<SampleOptions>
{
    public ValidateOptionsResult Validate(string? name, SampleOptions options)
    {
        var failures = new List<string>();
        if (options.Enabled && options.Total == 0)
            failures.Add("sample.total: must be set when sample.enabled is true");
        if (options.Count == 13)
            failures.Add("sample.count: must not be unlucky");
        if (options.Headers.ContainsKey("x-bad"))
            failures.Add("sample.headers.x-bad: is not allowed");
        if (options.Name == "fail")
            failures.Add("no key: see https://me:hunter2@example.com");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
