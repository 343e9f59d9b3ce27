namespace Tailscale2Otel.Processing.Flow;

/// <summary>Who one end of a connection is: all of it from the device list, or all of it from the record. Empty is not known.</summary>
readonly ref struct FlowEnd
{
    /// <summary><c>tailscale.src.node</c>, <c>tailscale.dst.node</c>; empty for an absent end.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    public ReadOnlySpan<byte> User { get; init; }

    public ReadOnlySpan<byte> Tags { get; init; }

    public ReadOnlySpan<byte> Os { get; init; }
}
