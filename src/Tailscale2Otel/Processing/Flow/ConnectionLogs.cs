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
    LogPart _origin;
    LogPart _factsPart;
    LogPart _source;
    TrafficType _type;
    IpFamily _family;
    ReadOnlySpan<byte> _address;

    /// <param name="row">Where the connection came from, for the ends as received.</param>
    public void Write(scoped in FlowConnection connection, scoped in FlowRow row, scoped ReadOnlySpan<byte> uid)
    {
        _logs.Begin(_facts.Header);
        _logs.Add(LogAttributes.Uid, uid);
        AddOrigin();
        AddBody(connection, row);
        _logs.Add(LogAttributes.NetworkTransport, connection.Transport);
        AddSource(connection, row);
        AddPort(LogAttributes.SourcePort, row.Source);
        _logs.Add(LogAttributes.DestinationAddress, connection.DestinationAddress);
        AddPort(LogAttributes.DestinationPort, row.Destination);
        AddIdentities(connection);
        _logs.Add(LogAttributes.Path, connection.Path);
        _logs.Add(LogAttributes.DerpRegionId, connection.DerpRegion);
        AddFacts();
        FlowLogs.AddCounters(_logs, row.TxBytes, row.RxBytes, row.TxPackets, row.RxPackets);
        _logs.End();
    }

    void AddOrigin()
    {
        if (_logs.TryRepeat(_origin))
            return;

        var start = _logs.Mark();
        LogRecordOpening.AddOrigin(_logs, _record);
        _origin = new LogPart(start, _logs.Mark());
    }

    void AddFacts()
    {
        if (_logs.TryRepeat(_factsPart))
            return;

        var start = _logs.Mark();
        FlowLogs.AddFacts(_logs, _facts);
        _factsPart = new LogPart(start, _logs.Mark());
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

    /// <summary>Neighbours mostly have the same source, which every row spells for itself.</summary>
    void AddSource(scoped in FlowConnection connection, scoped in FlowRow row)
    {
        var family = row.Source.IsPresent ? row.Source.Address.Family : row.Destination.Address.Family;
        if (connection.Type == _type && family == _family && connection.SourceAddress.SequenceEqual(_address) && _logs.TryRepeat(_source))
            return;

        var start = _logs.Mark();
        _logs.Add(LogAttributes.TrafficType, TrafficTypes.NameOf(connection.Type));
        if (family != IpFamily.None)
            _logs.Add(LogAttributes.NetworkType, family == IpFamily.V4 ? "ipv4"u8 : "ipv6"u8);
        _logs.Add(LogAttributes.SourceAddress, connection.SourceAddress);
        _source = new LogPart(start, _logs.Mark());
        _type = connection.Type;
        _family = family;
        _address = connection.SourceAddress;
    }

    readonly void AddIdentities(scoped in FlowConnection connection)
    {
        _logs.Add(LogAttributes.SrcNode, connection.SourceNode);
        _logs.Add(LogAttributes.DstNode, connection.DestinationNode);
        _logs.Add(LogAttributes.DstService, connection.Service);
        _logs.Add(LogAttributes.SrcUser, connection.SourceUser);
        _logs.Add(LogAttributes.SrcTags, connection.SourceTags);
        _logs.Add(LogAttributes.SrcOs, connection.SourceOs);
        _logs.Add(LogAttributes.DstUser, connection.DestinationUser);
        _logs.Add(LogAttributes.DstTags, connection.DestinationTags);
        _logs.Add(LogAttributes.DstOs, connection.DestinationOs);
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
