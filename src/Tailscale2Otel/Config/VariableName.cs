namespace Tailscale2Otel.Config;

/// <summary>
/// How a key is spelled as an environment variable: <c>streaming.max_body_bytes</c> is <c>TS2OTEL_STREAMING__MAX_BODY_BYTES</c>.
/// </summary>
static class VariableName
{
    public const string Prefix = "TS2OTEL_";

    /// <summary>Names the configuration file itself and is no key.</summary>
    public const string ConfigFile = Prefix + "CONFIG";

    public static string Of(string key) => Prefix + key.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant();

    /// <param name="variable">Starts with <see cref="Prefix"/>.</param>
    public static string ToKey(string variable) =>
        variable[Prefix.Length..].Replace("__", ".", StringComparison.Ordinal).ToLowerInvariant();
}
