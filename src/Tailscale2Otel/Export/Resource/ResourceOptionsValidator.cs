using System.Text;
using Microsoft.Extensions.Options;

namespace Tailscale2Otel.Export.Resource;

/// <summary>Bounds of the resource, and the attributes that have keys of their own.</summary>
sealed class ResourceOptionsValidator : IValidateOptions<ResourceOptions>
{
    const int MaxAttributes = 32;
    const int MaxKeyBytes = 128;
    const int MaxValueBytes = 256;

    static readonly Dictionary<string, string> Reserved = new(StringComparer.Ordinal)
    {
        ["service.name"] = "use resource.service_name",
        ["service.version"] = "it is the daemon's own",
        ["service.instance.id"] = "use self_observability.instance_id",
        ["tailscale.tailnet"] = "it is set on every record",
        ["tailscale2otel.provider"] = "it is set on every record",
    };

    public ValidateOptionsResult Validate(string? name, ResourceOptions options)
    {
        var errors = new List<string>();
        if (options.ServiceName.Length == 0)
            errors.Add("resource.service_name: must not be empty");
        Bounded(errors, "resource.service_name", options.ServiceName);
        Bounded(errors, "resource.service_namespace", options.ServiceNamespace);
        Bounded(errors, "resource.deployment_environment", options.DeploymentEnvironment);
        if (options.Attributes.Count > MaxAttributes)
            errors.Add($"resource.attributes: at most {MaxAttributes} are allowed, not {options.Attributes.Count}");
        foreach (var (key, value) in options.Attributes)
        {
            if (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > MaxKeyBytes)
                errors.Add($"resource.attributes: a name must be 1 to {MaxKeyBytes} bytes long");
            else if (Reserved.TryGetValue(key, out var instead))
                errors.Add($"resource.attributes.{key}: is reserved; {instead}");
            else
                Bounded(errors, $"resource.attributes.{key}", value);
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    static void Bounded(List<string> errors, string key, string value)
    {
        if (Encoding.UTF8.GetByteCount(value) > MaxValueBytes)
            errors.Add($"{key}: must be at most {MaxValueBytes} bytes long");
    }
}
