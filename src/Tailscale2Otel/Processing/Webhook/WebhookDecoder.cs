using System.Text.Json;

namespace Tailscale2Otel.Processing.Webhook;

/// <summary>
/// Reads an event of a webhook (tailscale.com/kb/1213/webhooks). Only <c>type</c> must be there. Unknown members are passed over, of
/// two members with one name the last counts.
/// </summary>
ref struct WebhookDecoder
{
    readonly ReadOnlySpan<byte> _payload;
    readonly PooledBytes _texts;
    Utf8JsonReader _reader;
    WebhookEvent _event;

    WebhookDecoder(ReadOnlySpan<byte> payload, PooledBytes texts)
    {
        _payload = payload;
        _texts = texts;
        _reader = new Utf8JsonReader(payload);

        // Texts are never longer than their escaped form, so that the buffer does not move while spans point into it.
        _ = texts.Reserve(payload.Length);
    }

    /// <summary>Does not throw: false when the payload is not a JSON object of at most 64 levels with a <c>type</c>.</summary>
    /// <param name="texts">Takes the texts that had escapes; must live as long as the event.</param>
    public static bool TryDecode(ReadOnlySpan<byte> payload, PooledBytes texts, out WebhookEvent decoded)
    {
        var decoder = new WebhookDecoder(payload, texts);
        try
        {
            var isWhole = decoder.ReadEvent();
            decoded = decoder._event;
            return isWhole && !decoded.Type.IsEmpty;
        }
        catch (JsonException)
        {
            decoded = default;
            return false;
        }
    }

    bool ReadEvent()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
            return false;

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            ReadMember();
        return !_reader.Read();
    }

    void ReadMember()
    {
        if (_reader.IsNamed("type"u8))
            _event.Type = ReadText();
        else if (_reader.IsNamed("timestamp"u8))
            ReadTime();
        else if (_reader.IsNamed("version"u8))
            ReadVersion();
        else if (_reader.IsNamed("tailnet"u8))
            _event.Tailnet = ReadText();
        else if (_reader.IsNamed("message"u8))
            _event.Message = ReadText();
        else if (_reader.IsNamed("data"u8))
            _event.Data = ReadRaw();
        else
            _reader.Skip();
    }

    void ReadTime()
    {
        _event.TimeText = ReadRaw();
        _event.Time = _reader.TryReadTime(out var time) ? time : 0;
    }

    void ReadVersion()
    {
        _reader.Read();
        _event.IsVersion1 = _reader.TokenType == JsonTokenType.Number && JsonNumber.TryParse(_reader.ValueSpan, out var version, out _) && version == 1;
        _reader.Skip();
    }

    ReadOnlySpan<byte> ReadText()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.String)
        {
            _reader.Skip();
            return default;
        }

        if (!_reader.ValueIsEscaped)
            return _reader.ValueSpan;

        var text = _texts.Reserve(_reader.ValueSpan.Length);
        var length = JsonText.Unescape(_reader.ValueSpan, text);
        _texts.Advance(length);
        return text[..length];
    }

    /// <summary>The next value as it is written; nothing for null.</summary>
    ReadOnlySpan<byte> ReadRaw()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.Null)
            return default;

        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return _payload[start..(int)_reader.BytesConsumed];
    }
}
