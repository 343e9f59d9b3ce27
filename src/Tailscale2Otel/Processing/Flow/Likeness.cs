using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// All that the series of a connection depend on, as numbers: connections that agree in it are counted in the same series. The
/// default is like nothing.
/// </summary>
readonly record struct Likeness
{
    // Products that need not wait for each other. Their sums spread the numbers of two crowds of ends, which are consecutive, as evenly as chance
    // would: not every odd factor does, and a test has the crowds.
    const ulong SourceMultiplier = 0xC13F_A9A9_02A6_328F;
    const ulong DestinationMultiplier = 0x91E1_0DA5_C79E_7B1D;
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
