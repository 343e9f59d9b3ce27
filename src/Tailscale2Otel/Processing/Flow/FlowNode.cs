namespace Tailscale2Otel.Processing.Flow;

/// <summary>A node as the reporter describes it: itself (<c>srcNode</c>) or a peer (<c>dstNodes</c>). Nothing of it is proven.</summary>
struct FlowNode
{
    public TextSlice NodeId;
    public TextSlice Name;
    public TextSlice Os;
    public TextSlice User;

    /// <summary>Sorted, unique, joined by commas.</summary>
    public TextSlice Tags;

    /// <summary>What attributes call it; set by <see cref="NodeNames"/>.</summary>
    public TextSlice DisplayName;

    /// <summary>Its addresses in <see cref="FlowRecord.Addresses"/>.</summary>
    public int FirstAddress;
    public int AddressCount;
}
