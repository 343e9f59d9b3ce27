namespace Tailscale2Otel.Processing.Flow;

/// <summary>What was read and cannot be true.</summary>
[Flags]
enum FlowFaults
{
    None = 0,
    NegativeCounters = 1,
    InvalidEndpoint = 2,
    InvalidProtocol = 4,
}
