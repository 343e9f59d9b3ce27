namespace Tailscale2Otel.Ingest.Hec;

/// <summary>What a path means.</summary>
/// <param name="Door">Whose path it is; null on Splunk's own paths, which are everybody's.</param>
readonly record struct HecTarget(HecRoute Route, HecDoor? Door = null);
