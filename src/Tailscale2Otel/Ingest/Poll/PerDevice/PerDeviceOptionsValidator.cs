using Microsoft.Extensions.Options;

namespace Tailscale2Otel.Ingest.Poll.PerDevice;

/// <summary>What can be a namespace of posture attributes.</summary>
sealed class PerDeviceOptionsValidator : IValidateOptions<PerDeviceOptions>
{
    const int MaxNamespaces = 64;

    public ValidateOptionsResult Validate(string? name, PerDeviceOptions options)
    {
        const string key = "collectors.devices.attribute_namespaces";
        List<string> failures = [];
        if (options.AttributeNamespaces.Count > MaxNamespaces)
            failures.Add($"{key}: {MaxNamespaces} at most; * is all");
        if (options.AttributeNamespaces.Any(n => n.Length == 0 || n.Contains(':', StringComparison.Ordinal) || (n.Contains('*', StringComparison.Ordinal) && n != "*")))
            failures.Add($"{key}: names such as intune, without a colon, or * alone for all");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
