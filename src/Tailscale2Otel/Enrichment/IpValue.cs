using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Enrichment;

/// <summary>An IP address as 128 bits; IPv4 in the low 32. An IPv4-mapped IPv6 address is the IPv4 address.</summary>
readonly record struct IpValue(ulong High, ulong Low, IpFamily Family)
{
    public static readonly IpValue DerpMarker = V4(127, 3, 3, 40);

    /// <summary>100.64.0.0/10 and fd7a:115c:a1e0::/48.</summary>
    public bool IsTailscale => Family switch
    {
        IpFamily.V4 => Low >> 22 == ((100UL << 24) | (64UL << 16)) >> 22,
        IpFamily.V6 => High >> 16 == 0xfd7a_115c_a1e0,
        _ => false,
    };

    public static IpValue V4(byte a, byte b, byte c, byte d) => new(0, ((ulong)a << 24) | ((ulong)b << 16) | ((ulong)c << 8) | d, IpFamily.V4);

    public static IpValue V6(ulong high, ulong low) =>
        high == 0 && low >> 32 == 0xffff ? new(0, low & 0xffff_ffff, IpFamily.V4) : new(high, low, IpFamily.V6);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(IpValue other) => ((High ^ other.High) | (Low ^ other.Low)) == 0 && Family == other.Family;

    public override int GetHashCode()
    {
        var mixed = (High ^ (Low * 0x9E37_79B9_7F4A_7C15)) * 0xD6E8_FEB8_6659_FD93;
        return (int)(mixed >> 32) ^ (int)mixed;
    }
}
