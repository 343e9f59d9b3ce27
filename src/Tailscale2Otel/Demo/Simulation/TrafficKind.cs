namespace Tailscale2Otel.Demo.Simulation;

/// <summary>The four arrays of a flow record, in the order in which a node writes them.</summary>
enum TrafficKind
{
    Virtual,
    Subnet,
    Exit,
    Physical,
}
