namespace Tailscale2Otel.Model;

/// <summary>
/// A place between two frames of the spool: bytes appended since the spool began, growing for ever and across segments.
/// A frame's position is that of its first byte.
/// </summary>
readonly record struct SpoolPosition(long Value) : IComparable<SpoolPosition>
{
    public static readonly SpoolPosition Start = new(0);

    public int CompareTo(SpoolPosition other) => Value.CompareTo(other.Value);

    public static bool operator <(SpoolPosition left, SpoolPosition right) => left.Value < right.Value;

    public static bool operator >(SpoolPosition left, SpoolPosition right) => left.Value > right.Value;

    public static bool operator <=(SpoolPosition left, SpoolPosition right) => left.Value <= right.Value;

    public static bool operator >=(SpoolPosition left, SpoolPosition right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
