using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp.Wire;

/// <summary>
/// Writes log records as the <c>log_records</c> field of <c>ScopeLogs</c>, one after the other, into pooled memory, and notes
/// where each begins, so that any run of them can be sent. Hot: nothing is allocated for a record or an attribute.
/// </summary>
sealed partial class LogsWriter(OtlpLimitsOptions limits, ExportMetrics metrics, int capacity) : LogBatch
{
    const int InitialRecords = 1024;

    /// <summary>Two times and a severity.</summary>
    const int HeaderLength = 32;

    readonly int _bodyLimit = limits.LogBodyBytes;
    readonly int _valueLimit = limits.LogAttributeValueBytes;
    readonly ProtobufBuffer _buffer = new(capacity);
    int[] _starts = ArrayPool<int>.Shared.Rent(InitialRecords);
    SpoolPosition[] _positions = ArrayPool<SpoolPosition>.Shared.Rent(InitialRecords);
    ProtobufBuffer? _scratch;
    AttributeNames? _names;
    SpoolPosition _position;
    int _count;
    int _record;
    int _cut;

    public override int Count => _count;

    public override long Bytes => _buffer.Length;

    /// <summary>The bytes of a run of records, good until the next write or <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Records(int first, int count)
    {
        var start = _starts[first];
        var end = first + count == _count ? _buffer.Length : _starts[first + count];
        return _buffer.Written[start..end];
    }

    public SpoolPosition Position(int index) => _positions[index];

    public override void Begin(in LogHeader header)
    {
        if (_count == _starts.Length)
            Lengthen();
        _starts[_count] = _buffer.Length;
        _position = header.Position;
        _record = _buffer.Open(FieldTags.ScopeLogsRecord);
        _names?.Begin(_record);

        var text = Text(header.Severity);
        var room = _buffer.Reserve(HeaderLength);
        var at = 0;
        if (header.Time != 0)
        {
            room[at] = FieldTags.RecordTime;
            BinaryPrimitives.WriteInt64LittleEndian(room[(at + 1)..], header.Time);
            at += 9;
        }

        room[at++] = FieldTags.RecordSeverityNumber;
        room[at++] = (byte)header.Severity;
        room[at++] = FieldTags.RecordSeverityText;
        room[at++] = (byte)text.Length;
        text.CopyTo(room[at..]);
        at += text.Length;
        if (header.ObservedTime != 0)
        {
            room[at] = FieldTags.RecordObservedTime;
            BinaryPrimitives.WriteInt64LittleEndian(room[(at + 1)..], header.ObservedTime);
            at += 9;
        }

        _buffer.Advance(at);
        if (header.EventName.Length > 0)
            _buffer.Field(FieldTags.RecordEventName, header.EventName.Bytes);
    }

    public override void Body(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return;

        // Short and ASCII, which nearly all texts are: every length is one byte and known before anything is written.
        var size = utf8.Length + 2;
        if (size < 0x80 && utf8.Length <= _bodyLimit)
        {
            var room = _buffer.Reserve(size + 2);
            if (Utf8Text.TryCopyAscii(utf8, room[4..]))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(room, FourBytes(FieldTags.RecordBody, size, FieldTags.ValueString, utf8.Length));
                _buffer.Advance(size + 2);
                return;
            }
        }

        var any = _buffer.Open(FieldTags.RecordBody);
        String(utf8, _bodyLimit, isBody: true);
        _buffer.Close(any);
    }

    public override void Add(Utf8Name key, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return;

        var pair = key.Length + utf8.Length + 6;
        if (pair < 0x80 && key.Length <= Utf8Name.PaddedLength && utf8.Length <= _valueLimit)
        {
            var room = _buffer.Reserve(pair + 2 + Utf8Name.PaddedLength);
            var value = room[(4 + key.Length)..];
            Pair(room, key, pair);
            if (Utf8Text.TryCopyAscii(utf8, value[4..]))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(value, FourBytes(FieldTags.PairValue, utf8.Length + 2, FieldTags.ValueString, utf8.Length));
                _buffer.Advance(pair + 2);
                return;
            }
        }

        var attribute = _buffer.Open(FieldTags.RecordAttribute);
        _buffer.Field(FieldTags.PairKey, key.Bytes);
        var any = _buffer.Open(FieldTags.PairValue);
        String(utf8, _valueLimit, isBody: false);
        _buffer.Close(any);
        _buffer.Close(attribute);
    }

    public override void Add(Utf8Name key, long value)
    {
        if (key.Length > Utf8Name.PaddedLength)
        {
            Span<byte> any = stackalloc byte[11];
            any[0] = FieldTags.ValueInt;
            Add(key.Bytes, any, 1 + Varint(any[1..], (ulong)value));
            return;
        }

        var size = 1 + ProtobufBuffer.VarintSize((ulong)value);
        var pair = key.Length + size + 4;
        var room = _buffer.Reserve(pair + 2 + Utf8Name.PaddedLength);
        Pair(room, key, pair);
        room = room[(4 + key.Length)..];
        room[0] = FieldTags.PairValue;
        room[1] = (byte)size;
        room[2] = FieldTags.ValueInt;
        Varint(room[3..], (ulong)value);
        _buffer.Advance(pair + 2);
    }

    public override void Add(Utf8Name key, double value)
    {
        Span<byte> any = stackalloc byte[9];
        any[0] = FieldTags.ValueDouble;
        BinaryPrimitives.WriteDoubleLittleEndian(any[1..], value);
        Add(key.Bytes, any, 9);
    }

    public override void Add(Utf8Name key, bool value)
    {
        Span<byte> any = [FieldTags.ValueBool, value ? (byte)1 : (byte)0];
        Add(key.Bytes, any, 2);
    }

    public override int Mark() => _buffer.Length;

    public override bool TryRepeat(LogPart part)
    {
        // What is cut is counted each time.
        if (part.End == part.Start || part.Start < _cut)
            return false;

        _buffer.Repeat(part.Start, part.End - part.Start);
        return true;
    }

    public override void End()
    {
        Debug.Assert(_record > 0, "End without Begin");
        _buffer.Close(_record);
        _positions[_count++] = _position;
        _record = 0;
    }

    public override void CutBack(int count)
    {
        // Where the one behind them begins, ended or not.
        if (count < _count || _record > 0)
            _buffer.Truncate(_starts[count]);
        _cut = Math.Min(_cut, _buffer.Length);
        _count = count;
        _record = 0;
    }

    public override void Dispose()
    {
        _buffer.Dispose();
        _scratch?.Dispose();
        _count = 0;
        Return(ref _starts);
        Return(ref _positions);
    }

    static ReadOnlySpan<byte> Text(LogSeverity severity) => severity switch
    {
        LogSeverity.Error => "ERROR"u8,
        LogSeverity.Warn => "WARN"u8,
        _ => "INFO"u8,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint FourBytes(byte first, int second, byte third, int fourth) => first | (uint)second << 8 | (uint)third << 16 | (uint)fourth << 24;

    /// <summary>The head of an attribute with a short name, which what is written next cuts off behind the name.</summary>
    /// <param name="size">Of the pair, under 128.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Pair(Span<byte> room, Utf8Name key, int size)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(room, FourBytes(FieldTags.RecordAttribute, size, FieldTags.PairKey, key.Length));
        Vector256.Create(key.Padded).CopyTo(room[4..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Varint(Span<byte> room, ulong value)
    {
        var i = 0;
        for (; value >= 0x80; value >>= 7)
            room[i++] = (byte)(value | 0x80);
        room[i] = (byte)value;
        return i + 1;
    }

    void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> any, int size)
    {
        var keySize = 1 + ProtobufBuffer.VarintSize((uint)name.Length) + name.Length;
        var room = _buffer.Reserve(keySize + size + 8);
        room[0] = FieldTags.RecordAttribute;
        var at = 1 + Varint(room[1..], (ulong)(keySize + 2 + size));
        room[at] = FieldTags.PairKey;
        at += 1 + Varint(room[(at + 1)..], (ulong)name.Length);
        name.CopyTo(room[at..]);
        at += name.Length;
        room[at] = FieldTags.PairValue;
        room[at + 1] = (byte)size;
        any[..size].CopyTo(room[(at + 2)..]);
        _buffer.Advance(at + 2 + size);
    }

    /// <summary>A string value that may be too long or not valid UTF-8.</summary>
    void String(ReadOnlySpan<byte> utf8, int limit, bool isBody)
    {
        var field = _buffer.Open(FieldTags.ValueString);
        var cut = utf8.Length > limit;
        var text = cut ? utf8[..Utf8Text.Keep(utf8, limit)] : utf8;
        if (Utf8Text.IsValid(text))
        {
            text.CopyTo(_buffer.Reserve(text.Length));
            _buffer.Advance(text.Length);
        }
        else
        {
            _buffer.Advance(Utf8Text.Repair(text, _buffer.Reserve(text.Length * 3)));
            // U+FFFD takes more room than what it replaces.
            var written = _buffer.Length - field;
            if (written > limit || (cut && written > limit - Utf8Text.Marker.Length))
            {
                cut = true;
                _buffer.Truncate(field + Utf8Text.Keep(_buffer.Span[field..], Math.Min(limit, written - 1)));
            }
        }

        if (cut)
        {
            metrics.Truncated(isBody, Math.Max(0, utf8.Length - (_buffer.Length - field)));
            Utf8Text.Marker.CopyTo(_buffer.Reserve(Utf8Text.Marker.Length));
            _buffer.Advance(Utf8Text.Marker.Length);
            _cut = _buffer.Length;
        }

        _buffer.Close(field);
    }

    void Lengthen()
    {
        var starts = ArrayPool<int>.Shared.Rent(_starts.Length * 2);
        var positions = ArrayPool<SpoolPosition>.Shared.Rent(starts.Length);
        _starts.AsSpan(0, _count).CopyTo(starts);
        _positions.AsSpan(0, _count).CopyTo(positions);
        Return(ref _starts);
        Return(ref _positions);
        _starts = starts;
        _positions = positions;
    }

    static void Return<T>(ref T[] array)
    {
        var old = array;
        array = [];
        if (old.Length > 0)
            ArrayPool<T>.Shared.Return(old);
    }
}
