using System.Reflection;

namespace Tailscale2Otel.Diagnostics;

/// <summary>Name and version as they appear in the instrumentation scope, the user agent and <c>tailscale2otel version</c>.</summary>
static class ProductInfo
{
    public const string Name = "tailscale2otel";

    public static string Version { get; } =
        (typeof(ProductInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+')[0];
}
