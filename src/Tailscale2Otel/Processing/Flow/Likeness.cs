namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// All that the series of a connection depend on, as numbers: connections that agree in it are counted in the same series. The
/// default is like nothing.
/// </summary>
/// <param name="Service">Of <see cref="Enrichment.PortNames.NumberOf"/>.</param>
readonly record struct Likeness(EndId Source, EndId Destination, ushort Service, short Protocol, TrafficType Type)
{
    const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    /// <summary>False when only the texts say which series it is.</summary>
    public bool IsKnown => !Source.IsAlone && !Destination.IsAlone;

    /// <summary>Well mixed in its upper bits.</summary>
    public ulong Hash
    {
        get
        {
            var rest = ((ulong)Service << 32) | ((ulong)(ushort)Protocol << 8) | (ulong)Type;
            return ((((Source.Value * Multiplier) ^ Destination.Value) * Multiplier) ^ rest) * Multiplier;
        }
    }
}
