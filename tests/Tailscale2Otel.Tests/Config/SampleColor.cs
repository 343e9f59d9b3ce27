namespace Tailscale2Otel.Tests.Config;

enum SampleColor
{
    Red,
    DarkBlue,
}
