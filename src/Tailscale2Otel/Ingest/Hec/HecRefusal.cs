namespace Tailscale2Otel.Ingest.Hec;

/// <param name="EventNumber">Which object of the body is at fault; -1 when none is.</param>
readonly record struct HecRefusal(HecReply Reply, int EventNumber);
