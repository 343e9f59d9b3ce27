using System.Runtime.CompilerServices;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Writes the log records of the connections of one flow record. What all of them have in common, and what a connection has in
/// common with its neighbour, is written once and repeated as a block. Not kept longer than the record is being mapped.
/// </summary>
ref struct ConnectionLogs(LogWriter logs, in RawRecord record, in FlowFacts facts, FlowText text)
{
    const int BodyLength = 512;

    readonly LogWriter _logs = logs;
    readonly RawRecord _record = record;
    readonly FlowFacts _facts = facts;
    readonly FlowText _text = text;
    LogPart _common;
    LogPart _sourcePart;
    TrafficType _type;
    IpFamily _family;
    ReadOnlySpan<byte> _address;
    ReadOnlySpan<byte> _node;
    ReadOnlySpan<byte> _user;
    ReadOnlySpan<byte> _tags;
    ReadOnlySpan<byte> _os;

    /// <param name="row">Where the connection came from, for the ends as received.</param>
    public void Write(scoped in FlowConnection connection, scoped in FlowRow row, scoped ReadOnlySpan<byte> uid)
    {
        _logs.Begin(_facts.Header);
        _logs.Add(LogAttributes.Uid, uid);
        AddCommon();
        AddBody(connection, row);
        AddSource(connection, row);
        _logs.Add(LogAttributes.NetworkTransport, connection.Transport);
        AddPort(LogAttributes.SourcePort, row.Source);
        AddDestination(connection, row);
        FlowLogs.AddCounters(_logs, row.TxBytes, row.RxBytes, row.TxPackets, row.RxPackets);
        _logs.End();
    }

    void AddCommon()
    {
        if (_logs.TryRepeat(_common))
            return;

        var start = _logs.Mark();
        LogRecordOpening.AddOrigin(_logs, _record);
        FlowLogs.AddFacts(_logs, _facts);
        _common = new LogPart(start, _logs.Mark());
    }

    [SkipLocalsInit]
    readonly void AddBody(scoped in FlowConnection connection, scoped in FlowRow row)
    {
        var body = new TextBuilder(stackalloc byte[BodyLength]);
        body.Add(connection.Transport);
        body.Add(" "u8);
        body.Add(TrafficTypes.NameOf(connection.Type));
        body.Add(" "u8);
        body.Add(row.Source.IsPresent ? _text[row.Source.Text] : "?"u8);
        body.Add(" -> "u8);
        body.Add(row.Destination.IsPresent ? _text[row.Destination.Text] : "?"u8);
        FlowLogs.AddTotals(ref body, row.TxBytes, row.RxBytes);
        _logs.Body(body.Text);
    }

    void AddSource(scoped in FlowConnection connection, scoped in FlowRow row)
    {
        var family = row.Source.IsPresent ? row.Source.Address.Family : row.Destination.Address.Family;
        if (HasSourceOf(connection, family) && _logs.TryRepeat(_sourcePart))
            return;

        var start = _logs.Mark();
        _logs.Add(LogAttributes.TrafficType, TrafficTypes.NameOf(connection.Type));
        if (family != IpFamily.None)
            _logs.Add(LogAttributes.NetworkType, family == IpFamily.V4 ? "ipv4"u8 : "ipv6"u8);
        _logs.Add(LogAttributes.SourceAddress, connection.SourceAddress);
        _logs.Add(LogAttributes.SrcNode, connection.SourceNode);
        _logs.Add(LogAttributes.SrcUser, connection.SourceUser);
        _logs.Add(LogAttributes.SrcTags, connection.SourceTags);
        _logs.Add(LogAttributes.SrcOs, connection.SourceOs);
        _sourcePart = new LogPart(start, _logs.Mark());

        _type = connection.Type;
        _family = family;
        _address = connection.SourceAddress;
        _node = connection.SourceNode;
        _user = connection.SourceUser;
        _tags = connection.SourceTags;
        _os = connection.SourceOs;
    }

    /// <summary>The address, which every row has at a place of its own, by content; who is there, by place.</summary>
    readonly bool HasSourceOf(scoped in FlowConnection connection, IpFamily family) =>
        connection.Type == _type && family == _family && connection.SourceAddress.SequenceEqual(_address)
        && connection.SourceNode == _node && connection.SourceUser == _user && connection.SourceTags == _tags && connection.SourceOs == _os;

    readonly void AddDestination(scoped in FlowConnection connection, scoped in FlowRow row)
    {
        _logs.Add(LogAttributes.DestinationAddress, connection.DestinationAddress);
        AddPort(LogAttributes.DestinationPort, row.Destination);
        _logs.Add(LogAttributes.DstNode, connection.DestinationNode);
        _logs.Add(LogAttributes.DstService, connection.Service);
        _logs.Add(LogAttributes.DstUser, connection.DestinationUser);
        _logs.Add(LogAttributes.DstTags, connection.DestinationTags);
        _logs.Add(LogAttributes.DstOs, connection.DestinationOs);
        _logs.Add(LogAttributes.Path, connection.Path);
        _logs.Add(LogAttributes.DerpRegionId, connection.DerpRegion);
    }

    /// <summary>The digits as received, unless there are zeros before them.</summary>
    readonly void AddPort(Utf8Name key, scoped in FlowEndpoint endpoint)
    {
        if (endpoint.Port == 0)
            return;

        var text = _text[endpoint.Text];
        var digits = endpoint.Port switch { < 10 => 1, < 100 => 2, < 1000 => 3, < 10_000 => 4, _ => 5 };
        if (text.Length > digits && text[^(digits + 1)] == ':')
            _logs.Add(key, text[^digits..]);
        else
            AddPort(key, endpoint.Port);
    }

    readonly void AddPort(Utf8Name key, ushort port)
    {
        var digits = new TextBuilder(stackalloc byte[8]);
        digits.Add(port);
        _logs.Add(key, digits.Text);
    }
}
