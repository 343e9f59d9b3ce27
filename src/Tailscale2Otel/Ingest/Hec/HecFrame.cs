using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Where the records of a request go while it is checked, and whose they are.</summary>
readonly record struct HecFrame(HecRecords Records, SpoolAppend Batch, string Tailnet);
