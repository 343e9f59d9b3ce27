namespace Tailscale2Otel.Ingest.Hec;

/// <param name="EventNumber">Which object of the body is at fault, from 0; -1 when none is.</param>
readonly record struct HecReadResult(HecFault Fault, int EventNumber = -1)
{
    public bool IsSound => Fault == HecFault.None;
}
