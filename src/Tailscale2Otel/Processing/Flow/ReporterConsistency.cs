namespace Tailscale2Otel.Processing.Flow;

/// <summary>Whether the node that the server saw reporting is the one that the record says it is.</summary>
enum ReporterConsistency
{
    MissingReference,
    Match,
    Mismatch,
}
