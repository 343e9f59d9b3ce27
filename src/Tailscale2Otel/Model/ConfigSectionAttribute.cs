namespace Tailscale2Otel.Model;

/// <summary>
/// Marks an options class and names where its keys live, for example <c>streaming</c> or <c>collectors.flowlogs</c>; an empty
/// path is the root. A property's key is its name in snake_case below that path; a property of a class type is a sub-section.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class ConfigSectionAttribute(string path) : Attribute
{
    public string Path { get; } = path;
}
