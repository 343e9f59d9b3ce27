namespace Tailscale2Otel.Redaction;

/// <summary>What becomes of a value.</summary>
enum Verdict
{
    Keep,

    /// <summary>Stays without the removed values that are in it.</summary>
    Scrub,
    Remove,
}
