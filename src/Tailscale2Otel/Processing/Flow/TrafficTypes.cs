namespace Tailscale2Otel.Processing.Flow;

/// <summary>How traffic types are spelled in attributes.</summary>
static class TrafficTypes
{
    public static ReadOnlySpan<byte> NameOf(TrafficType type) => type switch
    {
        TrafficType.Virtual => "virtual"u8,
        TrafficType.Subnet => "subnet"u8,
        TrafficType.Exit => "exit"u8,
        _ => "physical"u8,
    };
}
