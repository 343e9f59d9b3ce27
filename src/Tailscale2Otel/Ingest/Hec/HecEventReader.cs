using System.Text.Json;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// Finds the records of a body in one strict pass: concatenated objects, lines, arrays and <c>{"logs":[...]}</c>, of HEC events
/// or bare flow and audit records. What stands inside an <c>event</c> is taken apart only where it leads to nothing but flow
/// and audit records; any other event is one record as it came, since an application's event may well have members called
/// <c>event</c> or <c>logs</c>. Numbers and names are read but not decoded: the processors do that, once.
/// </summary>
ref partial struct HecEventReader
{
    /// <summary>Wrappers and arrays around a record.</summary>
    const int MaxWrappers = 4;

    readonly ReadOnlySpan<byte> _body;
    readonly HecRecords _found;
    readonly HecLimits _limits;
    Utf8JsonReader _json;
    int _jsonStart;
    HecFault _fault;
    int _number;

    HecEventReader(ReadOnlySpan<byte> body, HecLimits limits, HecRecords found)
    {
        _body = body;
        _found = found;
        _limits = limits;
        _json = new Utf8JsonReader(body, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = limits.Nesting });
    }

    readonly int TokenStart => _jsonStart + (int)_json.TokenStartIndex;

    readonly int Consumed => _jsonStart + (int)_json.BytesConsumed;

    /// <summary>
    /// Does not throw for what is in the body. After a fault <paramref name="found"/> is empty. The body must be valid UTF-8 for
    /// the records to be.
    /// </summary>
    public static HecReadResult Read(ReadOnlySpan<byte> body, HecLimits limits, HecRecords found)
    {
        found.Truncate(0, 0);
        found.Connections = 0;
        if (body.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            return new HecReadResult(HecFault.NoData);

        var reader = new HecEventReader(body, limits, found);
        try
        {
            while (reader._fault == HecFault.None && reader._json.Read())
            {
                reader.ReadEvents(1, -1);
                reader.PassFlatEvents();
            }
        }
        catch (JsonException)
        {
            reader._fault = HecFault.InvalidData;
        }

        if (reader._fault == HecFault.None && found.Count == 0)
            return new HecReadResult(HecFault.NoData);
        if (reader._fault == HecFault.None)
            return new HecReadResult(HecFault.None);

        found.Truncate(0, 0);
        return new HecReadResult(reader._fault, reader._number);
    }

    /// <summary>One event, or an array of them, at the outside, where whatever is not an event is a fault.</summary>
    void ReadEvents(int wrappers, int envelope)
    {
        if (_json.TokenType == JsonTokenType.StartObject)
        {
            ReadEvent(wrappers, envelope);
        }
        else if (_json.TokenType == JsonTokenType.StartArray && wrappers < MaxWrappers)
        {
            while (_fault == HecFault.None && _json.Read() && _json.TokenType != JsonTokenType.EndArray)
                ReadEvents(wrappers + 1, envelope);
        }
        else
        {
            _fault = HecFault.InvalidData;
        }
    }

    void ReadEvent(int wrappers, int parent)
    {
        var start = TokenStart;
        var records = _found.Count;
        var number = _number;
        var envelope = _found.AddEnvelope(parent);
        ReadMembers(out var shape, wrappers, envelope, strict: true);
        if (_fault != HecFault.None)
            return;

        if (shape.HasEvent)
        {
            _number = number;
            _fault = shape.IsEventNull ? HecFault.EventRequired : shape.IsEventBlank ? HecFault.EventBlank : shape.FieldsFault;
            if (_fault != HecFault.None)
                return;
            if (!shape.HoldsRecords)
            {
                _found.Truncate(records, envelope + 1);
                Add(RecordSignal.StreamEvent, shape.EventStart, shape.EventLength, envelope);
            }
        }
        else if (shape.IsFlow || shape.IsAudit)
        {
            _found.Truncate(records, envelope);
            Add(shape.IsFlow ? RecordSignal.Flow : RecordSignal.Audit, start, Consumed - start, parent);
        }
        else if (!shape.HasLogs)
        {
            _fault = HecFault.EventRequired;
        }
        else if ((_fault = shape.LogsFault) == HecFault.None && _found.Count == records)
        {
            // No limit counts wrappers: one that holds nothing must not stay.
            _found.Truncate(records, envelope);
        }

        // Events inside {"logs":[...]} have counted themselves.
        if (_fault == HecFault.None && (shape.HasEvent || !shape.HasLogs))
            _number++;
    }

    /// <summary>True when the value is made of nothing but flow and audit records, which are then added.</summary>
    bool ReadNested(int wrappers, int parent)
    {
        if (_json.TokenType == JsonTokenType.StartObject && wrappers <= MaxWrappers)
            return ReadNestedObject(wrappers, parent);
        if (_json.TokenType != JsonTokenType.StartArray || wrappers > MaxWrappers)
        {
            _json.Skip();
            return false;
        }

        var any = false;
        var all = true;
        while (_fault == HecFault.None && _json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (all)
                all = ReadNested(wrappers + 1, parent);
            else
                _json.Skip();
            any = true;
        }

        return any && all;
    }

    bool ReadNestedObject(int wrappers, int parent)
    {
        var start = TokenStart;
        var records = _found.Count;
        var envelope = _found.AddEnvelope(parent);
        ReadMembers(out var shape, wrappers, envelope, strict: false);
        if (_fault != HecFault.None)
            return false;
        if ((shape.HasEvent || shape.HasLogs) && shape.HoldsRecords)
            return true;

        _found.Truncate(records, envelope);
        if (!shape.IsFlow && !shape.IsAudit)
            return false;
        Add(shape.IsFlow ? RecordSignal.Flow : RecordSignal.Audit, start, Consumed - start, parent);
        return true;
    }

    void ReadMembers(out HecObject shape, int wrappers, int envelope, bool strict)
    {
        shape = default;
        var records = _found.Count;
        while (_fault == HecFault.None && _json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var member = HecMembers.Identify(ref _json);
            _json.Read();
            var start = TokenStart;
            switch (member)
            {
                case HecMember.Event:
                    shape.HasEvent = true;
                    shape.IsEventNull = _json.TokenType == JsonTokenType.Null;
                    shape.IsEventBlank = _json.TokenType == JsonTokenType.String && _json.ValueSpan.IsEmpty;
                    _found.Truncate(records, envelope + 1);
                    shape.HoldsRecords = ReadNested(wrappers + 1, envelope);
                    (shape.EventStart, shape.EventLength) = (start, Consumed - start);
                    break;
                case HecMember.Logs:
                    ReadLogs(ref shape, wrappers, envelope, records, strict);
                    break;
                case HecMember.Fields:
                    shape.FieldsFault = ReadFields();
                    break;
                case HecMember.NodeId:
                    shape.HasNodeId = IsText();
                    _json.Skip();
                    break;
                case HecMember.Actor:
                    shape.HasActor = true;
                    _json.Skip();
                    break;
                case HecMember.Action:
                    shape.HasAction = IsText();
                    _json.Skip();
                    break;
                case HecMember.Start:
                    shape.HasTraffic = true;
                    _json.Skip();
                    break;
                case HecMember.Traffic:
                    shape.HasTraffic = true;
                    CountConnections();
                    break;
                default:
                    _json.Skip();
                    break;
            }

            if (member <= HecMember.Fields)
                _found.Envelope(envelope).Values[(int)member] = new HecRange(start, Consumed - start);
        }
    }

    /// <summary>
    /// The API's envelope. Beside an <c>event</c> it is just a member like any other, also when the <c>event</c> is yet to come: a fault
    /// of its elements counts only when there is none.
    /// </summary>
    void ReadLogs(ref HecObject shape, int wrappers, int envelope, int records, bool strict)
    {
        if (_json.TokenType != JsonTokenType.StartArray || shape.HasEvent || wrappers >= MaxWrappers)
        {
            _json.Skip();
            return;
        }

        _found.Truncate(records, envelope + 1);
        shape.HasLogs = true;
        if (!strict)
        {
            shape.HoldsRecords = ReadNested(wrappers + 1, envelope);
            return;
        }

        var depth = _json.CurrentDepth;
        var connections = _found.Connections;
        while (_fault == HecFault.None && _json.Read() && _json.TokenType != JsonTokenType.EndArray)
            ReadEvents(wrappers + 1, envelope);
        (shape.LogsFault, _fault) = (_fault, HecFault.None);
        if (shape.LogsFault == HecFault.None)
            return;

        _found.Truncate(records, envelope + 1);
        _found.Connections = connections;
        while (_json.CurrentDepth > depth && _json.Read())
        {
        }
    }

    /// <summary>Indexed fields are flat: an object whose values are no objects and no arrays of objects.</summary>
    HecFault ReadFields()
    {
        if (_json.TokenType is JsonTokenType.Null)
            return HecFault.None;

        var fault = _json.TokenType == JsonTokenType.StartObject ? HecFault.None : HecFault.IndexedFields;
        if (_json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return fault;

        var depth = _json.CurrentDepth;
        while (_json.Read() && _json.CurrentDepth > depth)
        {
            if (_json.TokenType == JsonTokenType.StartObject)
                fault = HecFault.IndexedFields;
        }

        return fault;
    }

    readonly bool IsText() => _json.TokenType == JsonTokenType.String && !_json.ValueSpan.IsEmpty;

    void Add(RecordSignal signal, int start, int length, int envelope)
    {
        if (_found.Count >= _limits.Records)
            _fault = HecFault.TooManyRecords;
        else if (length > HecLimits.RecordBytes)
            _fault = HecFault.TooLarge;
        else
            _found.Add(new HecRecord(signal, start, length, envelope));
    }
}
