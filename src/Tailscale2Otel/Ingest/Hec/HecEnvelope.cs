using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Where in the body a wrapper's metadata members stand, and which wrapper is around it.</summary>
struct HecEnvelope
{
    /// <summary>The members that are kept, in the order in which they are written.</summary>
    public static readonly string[] Members = ["time", "host", "source", "sourcetype", "index", "fields"];

    public const int MemberCount = 6;

    /// <summary>Index of the wrapper around this one; -1 when there is none.</summary>
    public int Parent;

    /// <summary>Values as received; an empty range is an absent member.</summary>
    public MemberRanges Values;

    [InlineArray(MemberCount)]
    public struct MemberRanges
    {
        HecRange _first;
    }
}
