namespace Tailscale2Otel.Config;

enum LogFormat
{
    Text,
    Json,
}
