using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.Inspection;

/// <param name="Bytes">In the spool, with frame headers.</param>
readonly record struct RecordCount(RecordSource Source, RecordSignal Signal, string Tailnet, long Records, long Bytes);
