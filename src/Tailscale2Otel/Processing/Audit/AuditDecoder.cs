using System.Text.Json;

namespace Tailscale2Otel.Processing.Audit;

/// <summary>
/// Reads a configuration audit record (tailscale.com/kb/1203/audit-logging). Only <c>action</c> must be there: which of the others are depends on
/// the path. Unknown members are passed over, a text of another type is taken as it is written, of two members with one name
/// the last counts.
/// </summary>
ref struct AuditDecoder
{
    readonly ReadOnlySpan<byte> _payload;
    readonly PooledBytes _texts;
    Utf8JsonReader _reader;
    AuditRecord _record;

    AuditDecoder(ReadOnlySpan<byte> payload, PooledBytes texts)
    {
        _payload = payload;
        _texts = texts;
        _reader = new Utf8JsonReader(payload);

        // Texts are never longer than their escaped form, so that the buffer does not move while spans point into it.
        _ = texts.Reserve(payload.Length);
    }

    /// <summary>Does not throw: false when the payload is not a JSON object of at most 64 levels with an <c>action</c>.</summary>
    /// <param name="texts">Takes the texts that had escapes; must live as long as the record.</param>
    public static bool TryDecode(ReadOnlySpan<byte> payload, PooledBytes texts, out AuditRecord record)
    {
        var decoder = new AuditDecoder(payload, texts);
        try
        {
            var isWhole = decoder.ReadRecord();
            record = decoder._record;
            return isWhole && !record.Action.IsEmpty;
        }
        catch (JsonException)
        {
            record = default;
            return false;
        }
    }

    bool ReadRecord()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
            return false;

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            ReadMember();
        return !_reader.Read();
    }

    void ReadMember()
    {
        if (_reader.IsNamed("eventTime"u8))
            _record.EventTime = ReadTime();
        else if (_reader.IsNamed("logged"u8))
            _record.Logged = ReadTime();
        else if (_reader.IsNamed("deferredAt"u8))
            _record.DeferredAt = ReadTime();
        else if (_reader.IsNamed("type"u8))
            _record.Type = ReadText();
        else if (_reader.IsNamed("eventGroupID"u8))
            _record.EventGroupId = ReadText();
        else if (_reader.IsNamed("origin"u8))
            _record.Origin = ReadText();
        else if (_reader.IsNamed("action"u8))
            _record.Action = ReadText();
        else if (_reader.IsNamed("actor"u8))
            ReadActor();
        else if (_reader.IsNamed("target"u8))
            ReadTarget();
        else if (_reader.IsNamed("old"u8))
            _record.Old = ReadRaw();
        else if (_reader.IsNamed("new"u8))
            _record.New = ReadRaw();
        else if (_reader.IsNamed("actionDetails"u8))
            _record.Details = ReadText();
        else if (_reader.IsNamed("error"u8))
            _record.Error = ReadText();
        else
            _reader.Skip();
    }

    void ReadActor()
    {
        while (NextMemberOfObject())
        {
            if (_reader.IsNamed("id"u8))
                _record.ActorId = ReadText();
            else if (_reader.IsNamed("type"u8))
                _record.ActorType = ReadText();
            else if (_reader.IsNamed("loginName"u8))
                _record.ActorLogin = ReadText();
            else if (_reader.IsNamed("displayName"u8))
                _record.ActorName = ReadText();
            else if (_reader.IsNamed("tags"u8))
                _record.ActorTags = ReadRaw();
            else
                _reader.Skip();
        }
    }

    void ReadTarget()
    {
        while (NextMemberOfObject())
        {
            if (_reader.IsNamed("id"u8))
                _record.TargetId = ReadText();
            else if (_reader.IsNamed("name"u8))
                _record.TargetName = ReadText();
            else if (_reader.IsNamed("type"u8))
                _record.TargetType = ReadText();
            else if (_reader.IsNamed("property"u8))
                _record.TargetProperty = ReadText();
            else if (_reader.IsNamed("isEphemeral"u8))
                _record.TargetIsEphemeral = ReadBoolean();
            else
                _reader.Skip();
        }
    }

    /// <summary>From the object's name to its first member, from there to the next one; false behind the last, and for what is no object.</summary>
    bool NextMemberOfObject()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.StartObject)
            _reader.Read();
        else if (_reader.TokenType == JsonTokenType.StartArray)
            _reader.Skip();
        return _reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>A time in another form is as good as none.</summary>
    long ReadTime()
    {
        _reader.Read();
        if (_reader.TryReadTime(out var time))
            return time;

        _reader.Skip();
        return 0;
    }

    bool? ReadBoolean()
    {
        _reader.Read();
        if (_reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return _reader.GetBoolean();

        _reader.Skip();
        return null;
    }

    ReadOnlySpan<byte> ReadText()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.String)
            return Raw();
        if (!_reader.ValueIsEscaped)
            return _reader.ValueSpan;

        var text = _texts.Reserve(_reader.ValueSpan.Length);
        var length = JsonText.Unescape(_reader.ValueSpan, text);
        _texts.Advance(length);
        return text[..length];
    }

    ReadOnlySpan<byte> ReadRaw()
    {
        _reader.Read();
        return Raw();
    }

    /// <summary>The value that the reader stands on as it is written; nothing for null.</summary>
    ReadOnlySpan<byte> Raw()
    {
        if (_reader.TokenType == JsonTokenType.Null)
            return default;

        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return _payload[start..(int)_reader.BytesConsumed];
    }
}
