namespace Tailscale2Otel.Ingest.Hec;

/// <summary>The members that the reader knows; the first six are <see cref="HecEnvelope.Members"/>.</summary>
enum HecMember : byte
{
    Time,
    Host,
    Source,
    SourceType,
    Index,
    Fields,
    Event,
    Logs,
    NodeId,
    Start,
    Actor,
    Action,
    Traffic,
    Other,
}
