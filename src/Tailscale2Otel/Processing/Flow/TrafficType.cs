namespace Tailscale2Otel.Processing.Flow;

/// <summary>The traffic array that a connection came from, in the order in which they are processed.</summary>
enum TrafficType : byte
{
    Virtual,
    Subnet,
    Exit,
    Physical,
}
