using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// All that the series of a connection depend on, as numbers: connections that agree in it are counted in the same series. The
/// default is like nothing.
/// </summary>
readonly record struct Likeness
{
    // Odd and unlike, so that no product has to wait for another.
    const ulong SourceMultiplier = 0x9E37_79B9_7F4A_7C15;
    const ulong DestinationMultiplier = 0xD6E8_FEB8_6659_FD93;
    const ulong RestMultiplier = 0xC2B2_AE3D_27D4_EB4F;

    const int ServiceShift = 32;

    /// <summary>Service, protocol and traffic type.</summary>
    readonly ulong _rest;

    /// <param name="service">Of <see cref="Enrichment.PortNames.NumberOf"/>.</param>
    public Likeness(EndId source, EndId destination, ushort service, short protocol, TrafficType type)
    {
        Source = source;
        Destination = destination;
        _rest = ((ulong)service << ServiceShift) | ((ulong)(ushort)protocol << 8) | (ulong)type;
    }

    public EndId Source { get; }

    public EndId Destination { get; }

    public ushort Service => (ushort)(_rest >> ServiceShift);

    /// <summary>False when only the texts say which series it is.</summary>
    public bool IsKnown => !Source.IsAlone && !Destination.IsAlone;

    /// <summary>Well mixed in its upper bits.</summary>
    public ulong Hash => (Source.Value * SourceMultiplier) + (Destination.Value * DestinationMultiplier) + (_rest * RestMultiplier);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Likeness other) =>
        ((Source.Value ^ other.Source.Value) | (Destination.Value ^ other.Destination.Value) | (_rest ^ other._rest)) == 0;

    public override int GetHashCode() => (int)(Hash >> 32);
}
