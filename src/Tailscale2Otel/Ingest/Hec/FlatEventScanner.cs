using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// Reads a HEC event of a flow record in the one form in which Tailscale writes it: these members in this order, no white space,
/// no escapes. It says yes only to what the JSON reader takes as the same record with the same metadata; anything else, wrong
/// things included, is left to that. The bytes must be valid UTF-8.
/// </summary>
ref struct FlatEventScanner(ReadOnlySpan<byte> body, int at)
{
    /// <summary>Objects and arrays around a text of the deepest kind: event, record, nodes, a node, its addresses.</summary>
    public const int Nesting = 5;

    const int Block = 32;

    readonly ReadOnlySpan<byte> _body = body;

    public HecRange Time { get; private set; }

    public HecRange Record { get; private set; }

    public HecRange Fields { get; private set; }

    /// <summary>Rows of all traffic arrays.</summary>
    public int Connections { get; private set; }

    /// <summary>Behind what was read.</summary>
    public int Position { get; private set; } = at;

    /// <param name="connections">With more, the event is left to the JSON reader, too.</param>
    public bool TryRead(int connections)
    {
        Connections = 0;
        if (!Pass("{\"time\":"u8))
            return false;

        var time = Position;
        if (!PassNumber())
            return false;

        Time = new HecRange(time, Position - time);
        if (!Pass(",\"event\":"u8))
            return false;

        var record = Position;
        if (!PassRecord(connections))
            return false;

        Record = new HecRange(record, Position - record);
        if (!Pass(",\"fields\":"u8))
            return false;

        var fields = Position;
        if (!Pass("{\"recorded\":\""u8) || !PassText() || !Pass("}"u8))
            return false;

        Fields = new HecRange(fields, Position - fields);
        return Pass("}"u8);
    }

    bool PassRecord(int connections)
    {
        // An empty node ID would make it no flow record.
        if (!Pass("{\"nodeId\":\""u8) || Next == '"' || !PassText()
            || !Pass(",\"start\":\""u8) || !PassText() || !Pass(",\"end\":\""u8) || !PassText())
            return false;
        if (Pass(",\"srcNode\":"u8) && !PassNode())
            return false;
        if (Pass(",\"dstNodes\":["u8) && !PassNodes())
            return false;

        while (Pass(",\"virtualTraffic\":["u8) || Pass(",\"subnetTraffic\":["u8) || Pass(",\"exitTraffic\":["u8) || Pass(",\"physicalTraffic\":["u8))
        {
            Position = FlatRowScanner.Skip(_body, Position, connections - Connections, out var rows);
            Connections += rows;
            if (Connections > connections || !Pass("]"u8))
                return false;
        }

        return Pass("}"u8);
    }

    bool PassNodes()
    {
        do
        {
            if (!PassNode())
                return false;
        }
        while (Pass(","u8));
        return Pass("]"u8);
    }

    /// <summary>An object of texts and lists of texts, whatever their names.</summary>
    bool PassNode()
    {
        if (!Pass("{"u8))
            return false;

        do
        {
            if (!Pass("\""u8) || !PassText() || !Pass(":"u8) || !(Pass("["u8) ? PassTexts() : Pass("\""u8) && PassText()))
                return false;
        }
        while (Pass(","u8));
        return Pass("}"u8);
    }

    bool PassTexts()
    {
        do
        {
            if (!Pass("\""u8) || !PassText())
                return false;
        }
        while (Pass(","u8));
        return Pass("]"u8);
    }

    readonly byte Next => Position < _body.Length ? _body[Position] : (byte)0;

    /// <summary>In line, so that a literal is compared with its own length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool Pass(ReadOnlySpan<byte> expected)
    {
        if (!_body[Position..].StartsWith(expected))
            return false;

        Position += expected.Length;
        return true;
    }

    /// <summary>From behind the opening quote to behind the closing one.</summary>
    bool PassText()
    {
        for (; _body.Length - Position >= Block; Position += Block)
        {
            var bytes = Vector256.Create(_body.Slice(Position, Block));
            var ends = Vector256.Equals(bytes, Vector256.Create((byte)'"')) | Vector256.Equals(bytes, Vector256.Create((byte)'\\')) | Vector256.LessThan(bytes, Vector256.Create((byte)' '));
            if (ends == Vector256<byte>.Zero)
                continue;

            Position += BitOperations.TrailingZeroCount(ends.ExtractMostSignificantBits());
            return Pass("\""u8);
        }

        return false;
    }

    /// <summary>Digits, and a fraction or none. What JSON knows besides is not how a time is written.</summary>
    bool PassNumber()
    {
        var start = Position;
        PassDigits();
        if (Position == start || (_body[start] == '0' && Position > start + 1))
            return false;
        if (!Pass("."u8))
            return true;

        var fraction = Position;
        PassDigits();
        return Position > fraction;
    }

    void PassDigits()
    {
        while (char.IsAsciiDigit((char)Next))
            Position++;
    }
}
