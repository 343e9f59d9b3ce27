namespace Tailscale2Otel.Processing.Flow;

/// <summary>The members of flow records that mean something here.</summary>
enum FlowMember
{
    Unknown,
    Logged,
    NodeId,
    Start,
    End,
    SrcNode,
    DstNodes,
    VirtualTraffic,
    SubnetTraffic,
    ExitTraffic,
    PhysicalTraffic,
    Proto,
    Src,
    Dst,
    TxPkts,
    TxBytes,
    RxPkts,
    RxBytes,
    Name,
    Addresses,
    Os,
    User,
    Tags,
    Time,
    Fields,
    Recorded,
}
