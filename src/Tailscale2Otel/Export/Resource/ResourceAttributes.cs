using System.Reflection;
using System.Runtime.InteropServices;
using OpenTelemetry;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Export.Resource;

/// <summary>The resource of docs/signals.md, the same for both signals but for the version.</summary>
static class ResourceAttributes
{
    /// <summary>Values are strings and <c>long</c>.</summary>
    /// <param name="withVersion">
    /// <c>service.version</c> belongs to logs only: on metrics it would become a label of every series, which an upgrade breaks.
    /// </param>
    /// <param name="redactor">Null when all may leave.</param>
    public static IReadOnlyList<KeyValuePair<string, object>> Build(ResourceOptions options, SelfObservabilityOptions self, bool withVersion, Redactor? redactor = null)
    {
        var host = Environment.MachineName;
        var result = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["service.name"] = options.ServiceName,
        };
        if (self.InstanceId.Length > 0 || redactor is null || !redactor.Removes("host.name", host))
            result["service.instance.id"] = self.InstanceId.Length > 0 ? self.InstanceId : host;
        if (withVersion)
            result["service.version"] = ProductInfo.Version;
        if (options.ServiceNamespace.Length > 0)
            result["service.namespace"] = options.ServiceNamespace;
        if (options.DeploymentEnvironment.Length > 0)
            result["deployment.environment.name"] = options.DeploymentEnvironment;

        foreach (var (key, value) in options.Attributes)
            result.TryAdd(key, value);

        result.TryAdd("telemetry.sdk.name", "opentelemetry");
        result.TryAdd("telemetry.sdk.language", "dotnet");
        result.TryAdd("telemetry.sdk.version", SdkVersion());
        result.TryAdd("os.type", OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux");
        result.TryAdd("os.description", RuntimeInformation.OSDescription);
        result.TryAdd("process.pid", (long)Environment.ProcessId);
        result.TryAdd("process.executable.name", Path.GetFileName(Environment.ProcessPath) ?? ProductInfo.Name);
        result.TryAdd("process.runtime.name", ".NET");
        result.TryAdd("process.runtime.version", Environment.Version.ToString());
        result.TryAdd("host.name", host);
        return redactor is null ? [.. result] : [.. result.Where(a => !AttributeRules.All.ContainsKey(a.Key) || !redactor.Removes(a.Key, a.Value))];
    }

    static string SdkVersion() =>
        typeof(Sdk).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
