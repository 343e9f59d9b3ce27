using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Where in the body a record stands.</summary>
/// <param name="Envelope">Index of the innermost wrapper around it; -1 when it stands bare.</param>
readonly record struct HecRecord(RecordSignal Signal, int Start, int Length, int Envelope);
