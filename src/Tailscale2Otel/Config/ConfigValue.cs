namespace Tailscale2Otel.Config;

/// <summary>A key with the value in force and where it came from.</summary>
/// <param name="Origin">The place, and for a secret read from a file that file's key too.</param>
sealed record ConfigValue(string Key, OptionKind Kind, object? Value, string Origin);
