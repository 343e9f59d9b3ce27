namespace Tailscale2Otel.Config;

/// <summary>The place an operator has to look at to change a value.</summary>
/// <param name="Name">Path of the file or name of the variable.</param>
/// <param name="Line">Line in the file, from 1; 0 where there is none.</param>
readonly record struct ConfigSource(ConfigLayer Layer, string Name, int Line = 0)
{
    public static ConfigSource Default { get; } = new(ConfigLayer.Default, "default");

    public override string ToString() => Line > 0 ? $"{Name}:{Line}" : Name ?? "";
}
