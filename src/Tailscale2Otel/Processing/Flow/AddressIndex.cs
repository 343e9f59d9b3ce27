using System.Numerics;
using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>Which of a record's nodes has an address. Built once for a record, asked twice for each of its rows.</summary>
sealed class AddressIndex
{
    int[] _buckets = new int[64];
    int[] _next = new int[32];
    int[] _nodeOf = new int[32];
    int _mask;
    FlowRecord? _record;

    /// <summary>The reporter's own word goes first; among peers that claim one address the first does.</summary>
    public void Build(FlowRecord record)
    {
        _record = record;
        var count = record.Addresses.Length;
        if (count == 0)
            return;

        if (_nodeOf.Length < count)
        {
            var size = (int)BitOperations.RoundUpToPowerOf2((uint)count);
            _nodeOf = new int[size];
            _next = new int[size];
            _buckets = new int[size * 2];
        }

        _mask = (int)BitOperations.RoundUpToPowerOf2((uint)count * 2) - 1;
        _buckets.AsSpan(0, _mask + 1).Clear();
        if (record.Reporter >= 0)
            Add(record, record.Reporter);
        for (var node = 0; node < record.Nodes.Length; node++)
        {
            if (node != record.Reporter)
                Add(record, node);
        }
    }

    /// <summary>Index of the node, or -1.</summary>
    public int Find(in IpValue address)
    {
        if (_record is null || _record.Addresses.IsEmpty)
            return -1;

        for (var entry = _buckets[address.GetHashCode() & _mask] - 1; entry >= 0; entry = _next[entry])
        {
            if (_record.Addresses[entry] == address)
                return _nodeOf[entry];
        }

        return -1;
    }

    void Add(FlowRecord record, int node)
    {
        var (first, count) = (record.Nodes[node].FirstAddress, record.Nodes[node].AddressCount);
        for (var entry = first; entry < first + count; entry++)
        {
            if (Find(record.Addresses[entry]) >= 0)
                continue;

            ref var bucket = ref _buckets[record.Addresses[entry].GetHashCode() & _mask];
            _nodeOf[entry] = node;
            _next[entry] = bucket - 1;
            bucket = entry + 1;
        }
    }
}
