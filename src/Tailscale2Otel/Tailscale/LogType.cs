namespace Tailscale2Otel.Tailscale;

/// <summary>The two logs of a tailnet; <c>{logType}</c> in the API's paths.</summary>
enum LogType
{
    Network,
    Configuration,
}
