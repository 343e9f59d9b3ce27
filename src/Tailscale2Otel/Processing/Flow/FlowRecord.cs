using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// One decoded flow record in tables that are used again for the next one: what the slices mean is good only together with
/// the payload they were read from.
/// </summary>
sealed class FlowRecord
{
    /// <summary>Nodes cut a record at 256 KiB of JSON, which is about 1,000 connections.</summary>
    public const int MaxRows = 16_384;

    /// <summary>Descriptions beyond these limits are left unread: names get lost, connections do not.</summary>
    public const int MaxNodes = 4_096;

    public const int MaxAddresses = 8_192;

    const int KeptScratch = 64 * 1024;

    FlowRow[] _rows = new FlowRow[64];
    FlowNode[] _nodes = new FlowNode[16];
    IpValue[] _addresses = new IpValue[32];
    byte[] _scratch = new byte[1024];
    int _rowCount;
    int _nodeCount;
    int _addressCount;
    int _scratchCount;

    public TextSlice NodeId { get; set; }

    /// <summary>Unix nanoseconds; 0 when absent. Likewise <see cref="End"/> and <see cref="Logged"/>.</summary>
    public long Start { get; set; }

    public long End { get; set; }

    /// <summary>When the server stored the record: <c>logged</c>, else the envelope's <c>recorded</c>.</summary>
    public long Logged { get; set; }

    /// <summary>The envelope's own time; only read when the record has none.</summary>
    public long EnvelopeTime { get; set; }

    /// <summary>The reporter among <see cref="Nodes"/>; -1 when it does not describe itself.</summary>
    public int Reporter { get; set; }

    public FlowFaults Faults { get; set; }

    /// <summary>While decoding: where in the payload the reader's first byte is.</summary>
    public int ReaderStart { get; set; }

    public Span<FlowRow> Rows => _rows.AsSpan(0, _rowCount);

    public Span<FlowNode> Nodes => _nodes.AsSpan(0, _nodeCount);

    public ReadOnlySpan<IpValue> Addresses => _addresses.AsSpan(0, _addressCount);

    /// <summary>The rows themselves, for those who sort by them; no longer than <see cref="Rows"/> says.</summary>
    public FlowRow[] RowTable => _rows;

    /// <param name="payload">What the record was decoded from.</param>
    public FlowText Text(ReadOnlySpan<byte> payload) => new(payload, _scratch.AsSpan(0, _scratchCount));

    public void Clear()
    {
        _rowCount = 0;
        _nodeCount = 0;
        _addressCount = 0;
        _scratchCount = 0;
        if (_scratch.Length > KeptScratch)
            _scratch = new byte[KeptScratch];
        NodeId = default;
        Start = 0;
        End = 0;
        Logged = 0;
        EnvelopeTime = 0;
        Reporter = -1;
        ReaderStart = 0;
        Faults = FlowFaults.None;
    }

    /// <summary>A new empty row; the reference is good until the next one. Not more than <see cref="MaxRows"/>.</summary>
    public ref FlowRow AddRow()
    {
        if (_rowCount == _rows.Length)
            Array.Resize(ref _rows, _rows.Length * 2);
        ref var row = ref _rows[_rowCount++];
        row = default;
        return ref row;
    }

    /// <summary>Takes the last row back.</summary>
    public void RemoveRow() => _rowCount--;

    /// <summary>Takes back all rows but the first so many.</summary>
    public void RemoveRows(int kept) => _rowCount = kept;

    public ref FlowNode AddNode()
    {
        if (_nodeCount == _nodes.Length)
            Array.Resize(ref _nodes, _nodes.Length * 2);
        ref var node = ref _nodes[_nodeCount++];
        node = default;
        node.FirstAddress = _addressCount;
        return ref node;
    }

    /// <summary>An address of the node added last.</summary>
    public void AddAddress(IpValue address)
    {
        if (_addressCount == _addresses.Length)
            Array.Resize(ref _addresses, _addresses.Length * 2);
        _addresses[_addressCount++] = address;
        _nodes[_nodeCount - 1].AddressCount++;
    }

    /// <summary>Room for text that is not in the payload as such; <see cref="Commit"/> keeps what was written of it.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_scratch.Length - _scratchCount < length)
            Array.Resize(ref _scratch, Math.Max(_scratchCount + length, _scratch.Length * 2));
        return _scratch.AsSpan(_scratchCount, length);
    }

    public TextSlice Commit(int length)
    {
        var slice = new TextSlice(~_scratchCount, length);
        _scratchCount += length;
        return slice;
    }
}
