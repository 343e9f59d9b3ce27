namespace Tailscale2Otel.Model;

/// <summary>The option is a path: from a configuration file it is relative to that file, from a variable to the working directory.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class FilePathAttribute : Attribute;
