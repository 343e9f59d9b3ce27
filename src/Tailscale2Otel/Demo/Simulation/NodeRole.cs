namespace Tailscale2Otel.Demo.Simulation;

enum NodeRole
{
    Personal,
    Server,
    SubnetRouter,
    ExitNode,
}
