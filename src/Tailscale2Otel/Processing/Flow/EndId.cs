using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Who one end of a connection is, as a number that <see cref="NodeNames"/> gives to nobody else: equal numbers are equal in all
/// that <see cref="FlowEnd"/> says, those of <see cref="EndKind.Alone"/> apart.
/// </summary>
readonly record struct EndId
{
    const int KindBits = 3;
    const ulong KindMask = (1 << KindBits) - 1;

    /// <param name="number">Tells ends of one kind apart; less than 2^61.</param>
    public EndId(EndKind kind, ulong number = 0) => Value = (number << KindBits) | (ulong)kind;

    public ulong Value { get; }

    public EndKind Kind => (EndKind)(Value & KindMask);

    public ulong Number => Value >> KindBits;

    public bool IsAlone => Kind == EndKind.Alone;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(EndId other) => Value == other.Value;

    public override int GetHashCode() => Value.GetHashCode();
}
