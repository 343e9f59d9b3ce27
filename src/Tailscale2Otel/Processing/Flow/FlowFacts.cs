using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>What all log records of one flow record say: who reported, about when, and how far to believe it.</summary>
readonly ref struct FlowFacts
{
    public required LogHeader Header { get; init; }

    public required ReadOnlySpan<byte> NodeId { get; init; }

    public ReadOnlySpan<byte> NodeHostname { get; init; }

    /// <summary>The host name, or the ID where there is none.</summary>
    public ReadOnlySpan<byte> Reporter => NodeHostname.IsEmpty ? NodeId : NodeHostname;

    /// <summary>RFC 3339; empty when the record does not say.</summary>
    public ReadOnlySpan<byte> WindowStart { get; init; }

    public ReadOnlySpan<byte> WindowEnd { get; init; }

    public required Utf8Name Trust { get; init; }

    public required Utf8Name Consistency { get; init; }
}
