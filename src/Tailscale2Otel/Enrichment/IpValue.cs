using System.Runtime.CompilerServices;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Enrichment;

/// <summary>An IP address as 128 bits; IPv4 in the low 32. An IPv4-mapped IPv6 address is the IPv4 address.</summary>
readonly record struct IpValue(ulong High, ulong Low, IpFamily Family)
{
    public static readonly IpValue DerpMarker = V4(127, 3, 3, 40);

    static readonly (ulong High, ulong Low) Seed = (RandomWord.Next(), RandomWord.Next());

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

    /// <summary>One multiplication of 64 by 64 bits, after the pattern of wyhash. Seeded for each process: who sends records chooses the addresses.</summary>
    public override int GetHashCode()
    {
        var high = Math.BigMul(High ^ Seed.High, Low ^ Seed.Low, out var low);
        var mixed = high ^ low;
        return (int)(mixed >> 32) ^ (int)mixed;
    }
}
