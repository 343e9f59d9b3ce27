namespace Tailscale2Otel.Config;

/// <summary>Where a value can come from, weakest first.</summary>
enum ConfigLayer
{
    Default,

    /// <summary>A variable of the OpenTelemetry specification.</summary>
    Standard,

    File,

    /// <summary>A <c>TS2OTEL_*</c> variable.</summary>
    Variable,
}
