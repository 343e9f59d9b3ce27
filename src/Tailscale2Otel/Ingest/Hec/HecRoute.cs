namespace Tailscale2Otel.Ingest.Hec;

enum HecRoute
{
    None,
    Event,
    Raw,
    Health,
    Ack,
}
