using System.Runtime.CompilerServices;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// Network flow log records: decode, check, claim the content key, then log records and counts. All tables are its own and
/// used again for the next record: one thread's.
/// </summary>
sealed class FlowProcessor(FlowOptions options, DeduplicationWindow window, FlowMetrics metrics, NodeNames names) : IRecordProcessor
{
    const int KeyDigits = 32;
    const int MaxRegionDigits = 8;

    static readonly Utf8Name[] ConsistencyNames = [new("missing_reference"), new("match"), new("mismatch")];

    readonly FlowLogMode _logMode = options.LogMode;
    readonly int _maxLogs = options.MaxLogRecordsPerWindow == 0 ? int.MaxValue : options.MaxLogRecordsPerWindow;
    readonly TrustedReporters _reporters = new(options);
    readonly FlowRecord _record = new();
    readonly RowOrder _order = new();
    readonly FlowKey _key = new();
    readonly WindowConflicts _conflicts = new();

    public ProcessResult Process(in RawRecord record, LogWriter logs, RecordPass pass)
    {
        var counts = (pass & RecordPass.Count) != 0;
        if (FlowDecoder.Decode(record.Payload, _record) != FlowDecodeError.None)
            return FaultyRecord.Judge(record, "decode_error", window);

        FlowDecoder.ReadEnvelope(record.Metadata, _record);
        var fault = FlowCheck.FaultOf(_record, record.ReceivedAt);
        if (fault.Length > 0)
        {
            var judged = FaultyRecord.Judge(record, fault, window);
            if (counts && judged.Outcome == ProcessOutcome.DeadLetter)
                metrics.DataQuality(record.Source, fault);
            return judged;
        }

        var text = _record.Text(record.Payload);
        var order = _order.Sort(_record);
        var key = _key.Compute(_record, text, order, record.Tailnet);
        window.Expect(key);
        _conflicts.Expect(_key);
        _key.Fingerprint(_record);
        var consistency = FlowCheck.ConsistencyOf(_record, text);
        if (!window.TryClaim(key, record.Position, record.ReceivedAt))
            return ProcessResult.Duplicate;

        var conflict = _conflicts.Note(_key, key, record.Source);
        names.Learn(_record, record.Payload, consistency, record.ReceivedAt);
        if (counts && conflict.Scope is not null)
            Count(conflict.Scope, conflict);
        if (pass != RecordPass.LearnKey)
            Map(record, logs, pass, order, key, consistency);
        return ProcessResult.MappedAt(Time(), _record.Logged);
    }

    /// <summary>The uid of a connection's log record is the key and the connection's place in the canonical order.</summary>
    [SkipLocalsInit]
    void Map(in RawRecord record, LogWriter logs, RecordPass pass, ReadOnlySpan<int> order, in ContentKey key, ReporterConsistency consistency)
    {
        var text = _record.Text(record.Payload);
        var nodeId = text[_record.NodeId];
        var reporter = names.ReporterOf(_record, text);
        var hostname = names.NameOf(reporter, _record, text, consistency, record.ReceivedAt);
        Span<byte> start = stackalloc byte[EventTime.MaxTextLength];
        Span<byte> end = stackalloc byte[EventTime.MaxTextLength];
        var time = Time();
        var counts = (pass & RecordPass.Count) != 0;
        var writes = (pass & RecordPass.Deliver) != 0 && _logMode != FlowLogMode.Off;
        var facts = new FlowFacts
        {
            Header = new LogHeader(
                record.Position,
                LogAttributes.FlowEvent,
                LogSeverity.Info,
                time != 0 ? time : record.ReceivedAt,
                _record.Logged != 0 ? _record.Logged : record.ReceivedAt),
            NodeId = nodeId,
            NodeHostname = hostname,
            WindowStart = writes ? Format(_record.Start, start) : default,
            WindowEnd = writes ? Format(_record.End, end) : default,
            Trust = _reporters.TrustOf(nodeId, reporter),
            Consistency = ConsistencyNames[(int)consistency],
        };

        var uid = new TextBuilder(stackalloc byte[KeyDigits + 1 + 10]);
        if (writes)
        {
            Span<byte> digits = stackalloc byte[KeyDigits];
            key.WriteHex(digits);
            uid.Add(digits);
        }

        if (writes && _logMode == FlowLogMode.PerRecord)
            FlowLogs.WriteRecord(logs, record, facts, _record.Rows, uid.Text);

        if (counts)
            metrics.Reporter(facts.Trust.Text, facts.Consistency.Text);

        var limit = _logMode == FlowLogMode.PerConnection ? Math.Min(order.Length, _maxLogs) : 0;
        if (counts && _logMode == FlowLogMode.PerConnection && order.Length > limit)
            metrics.LogsDropped(order.Length - limit);

        uid.Add("-"u8);
        if (writes && limit > 0)
            MapConnections(record, logs, facts, order, limit, counts, ref uid);
        else if (counts)
            CountConnections(record, facts, order);
    }

    [SkipLocalsInit]
    void MapConnections(in RawRecord record, LogWriter logs, in FlowFacts facts, ReadOnlySpan<int> order, int limit, bool counts, ref TextBuilder uid)
    {
        Span<byte> region = stackalloc byte[MaxRegionDigits];
        var text = _record.Text(record.Payload);
        var connections = new ConnectionReader(_record, text, names, record.ReceivedAt, region);
        scoped var connection = new FlowConnection { Reporter = facts.Reporter };
        scoped var counter = new ConnectionCounter(metrics);
        scoped var connectionLogs = new ConnectionLogs(logs, record, facts, text);
        var last = counts ? order.Length : limit;
        for (var i = 0; i < last; i++)
        {
            ref readonly var row = ref _record.Rows[order[i]];
            connections.Read(row, ref connection);
            if (counts)
                counter.Add(connection);
            if (i >= limit)
                continue;

            uid.Truncate(KeyDigits + 1);
            uid.Add((ulong)i);
            connectionLogs.Write(connection, row, uid.Text);
        }
    }

    /// <summary>A method of its own, since all that writing a connection's log record takes would have to be cleared for each record.</summary>
    [SkipLocalsInit]
    void CountConnections(in RawRecord record, in FlowFacts facts, ReadOnlySpan<int> order)
    {
        Span<byte> region = stackalloc byte[MaxRegionDigits];
        var connections = new ConnectionReader(_record, _record.Text(record.Payload), names, record.ReceivedAt, region);
        scoped var connection = new FlowConnection { Reporter = facts.Reporter };
        scoped var counter = new ConnectionCounter(metrics);
        foreach (var index in order)
        {
            connections.Read(_record.Rows[index], ref connection);
            counter.Add(connection);
        }
    }

    /// <summary>When it happened, as far as anybody but this daemon's own clock says; 0 when nobody does.</summary>
    long Time() =>
        _record.Start != 0 ? _record.Start
        : _record.End != 0 ? _record.End
        : _record.Logged != 0 ? _record.Logged
        : _record.EnvelopeTime;

    void Count(string scope, in WindowConflict conflict)
    {
        for (var type = TrafficType.Virtual; type <= TrafficType.Physical; type++)
        {
            if (conflict.Of(type))
                metrics.Conflict(scope, type);
        }
    }

    static ReadOnlySpan<byte> Format(long time, Span<byte> destination) =>
        time == 0 ? default : destination[..EventTime.Format(time, destination)];
}
