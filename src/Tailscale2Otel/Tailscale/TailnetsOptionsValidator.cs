using Microsoft.Extensions.Options;

namespace Tailscale2Otel.Tailscale;

/// <summary>What single attributes cannot say of the tailnets.</summary>
sealed class TailnetsOptionsValidator : IValidateOptions<TailnetsOptions>
{
    public ValidateOptionsResult Validate(string? name, TailnetsOptions options)
    {
        List<string> failures = [];
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, tailnet) in options.Tailnets.Index())
        {
            var path = $"tailnets[{index}]";
            if (TailnetName.Problem(tailnet.Name) is { } problem)
                failures.Add($"{path}.name: {problem}");
            else if (tailnet.Name == "-")
                failures.Add($"{path}.name: a name; - stands for the only tailnet there is");
            else if (!seen.TryAdd(tailnet.Name, index))
                failures.Add($"{path}.name: tailnets[{seen[tailnet.Name]}] has this name already");
            failures.AddRange(ApiAuthRules.Failures($"{path}.auth", tailnet.Auth));
            CheckHttp($"{path}.http", tailnet.Http, failures);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>The least that <c>tailscale.http</c> takes; 0 is as there.</summary>
    static void CheckHttp(string path, TailnetHttpOptions http, List<string> failures)
    {
        if (http.Timeout > TimeSpan.Zero && http.Timeout < TimeSpan.FromMilliseconds(100))
            failures.Add($"{path}.timeout: at least 100ms, or 0 for that of tailscale.http");
        if (http.TotalTimeout > TimeSpan.Zero && http.TotalTimeout < TimeSpan.FromSeconds(1))
            failures.Add($"{path}.total_timeout: at least 1s, or 0 for that of tailscale.http");
        if (http.Retry.BaseDelay > TimeSpan.Zero && http.Retry.BaseDelay < TimeSpan.FromMilliseconds(1))
            failures.Add($"{path}.retry.base_delay: at least 1ms, or 0 for that of tailscale.http");
        if (http.Retry.MaxDelay > TimeSpan.Zero && http.Retry.MaxDelay < TimeSpan.FromMilliseconds(1))
            failures.Add($"{path}.retry.max_delay: at least 1ms, or 0 for that of tailscale.http");
    }
}
