using System.Text.Json;

namespace Tailscale2Otel.Processing.Webhook;

/// <summary>Reads <c>data</c> (tailscale.com/kb/1213/webhooks): texts, and lists of texts for the roles.</summary>
ref struct WebhookDataReader
{
    readonly PooledBytes _texts;
    Utf8JsonReader _reader;
    WebhookData _data;

    WebhookDataReader(ReadOnlySpan<byte> data, PooledBytes texts)
    {
        _texts = texts;
        _reader = new Utf8JsonReader(data);
    }

    /// <param name="data">A valid JSON value, or nothing.</param>
    /// <param name="texts">Takes texts with escapes and lists; has room for all of <paramref name="data"/>, so that it does not move, and lives as long as the result.</param>
    public static WebhookData Read(ReadOnlySpan<byte> data, PooledBytes texts)
    {
        if (data.IsEmpty)
            return default;

        _ = texts.Reserve(data.Length);
        var reader = new WebhookDataReader(data, texts);
        reader.ReadMembers();
        return reader._data;
    }

    void ReadMembers()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _data.Ignored = 1;
            return;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            ReadMember();
    }

    void ReadMember()
    {
        if (_reader.IsNamed("nodeID"u8))
            _data.NodeId = ReadText();
        else if (_reader.IsNamed("deviceName"u8))
            _data.DeviceName = ReadText();
        else if (_reader.IsNamed("managedBy"u8))
            _data.ManagedBy = ReadText();
        else if (_reader.IsNamed("actor"u8))
            _data.Actor = ReadText();
        else if (_reader.IsNamed("url"u8))
            _data.Url = ReadText();
        else if (_reader.IsNamed("expiration"u8))
            _data.Expiration = ReadText();
        else if (_reader.IsNamed("user"u8))
            _data.User = ReadText();
        else if (_reader.IsNamed("oldRoles"u8))
            _data.OldRoles = ReadList();
        else if (_reader.IsNamed("newRoles"u8))
            _data.NewRoles = ReadList();
        else if (_reader.IsNamed("oldPolicy"u8))
            _data.OldPolicy = ReadText();
        else if (_reader.IsNamed("newPolicy"u8))
            _data.NewPolicy = ReadText();
        else
            _reader.Skip();
    }

    ReadOnlySpan<byte> ReadText()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.String)
        {
            Ignore();
            return default;
        }

        if (!_reader.ValueIsEscaped)
            return _reader.ValueSpan;

        var start = _texts.Length;
        Append();
        return _texts.Written[start..];
    }

    ReadOnlySpan<byte> ReadList()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            Ignore();
            return default;
        }

        var start = _texts.Length;
        var isList = true;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.String)
                isList = false;
            if (!isList)
            {
                _reader.Skip();
                continue;
            }

            // The comma takes the place of one between the texts, which have quotes around them too: there is room.
            if (_texts.Length > start)
                _texts.Write((byte)',');
            Append();
        }

        if (isList)
            return _texts.Written[start..];

        _texts.Truncate(start);
        _data.Ignored++;
        return default;
    }

    void Append() => _texts.Advance(JsonText.Unescape(_reader.ValueSpan, _texts.Reserve(_reader.ValueSpan.Length)));

    /// <summary>Null stands for absent.</summary>
    void Ignore()
    {
        if (_reader.TokenType != JsonTokenType.Null)
            _data.Ignored++;
        _reader.Skip();
    }
}
