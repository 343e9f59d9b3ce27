namespace Tailscale2Otel.Config;

enum KeyShape
{
    Value,
    List,
    Map,
    Sections,
}
