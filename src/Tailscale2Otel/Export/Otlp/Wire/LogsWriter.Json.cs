using System.Text.Json;

namespace Tailscale2Otel.Export.Otlp.Wire;

/// <summary>
/// JSON values as <c>AnyValue</c>, by OpenTelemetry's mapping of arbitrary data: integers that fit 64 signed bits are integers,
/// other integers are strings with their digits, other numbers are doubles, or strings where a double has no such value. An
/// object or array whose text is over the limit becomes that text, cut. JSON that turns out to be broken becomes text too.
/// </summary>
sealed partial class LogsWriter
{
    /// <summary>
    /// A deeper value becomes text: decoders commonly stop at 100 nested messages (Google.Protobuf, protobuf-java), a level of
    /// JSON takes up to three, and a backend that cannot decode one record refuses its neighbours with it.
    /// </summary>
    const int MaxDepth = 30;

    static readonly JsonReaderOptions Lenient = new() { MaxDepth = MaxDepth };

    public override void JsonBody(ReadOnlySpan<byte> json)
    {
        var start = _buffer.Length;
        var any = _buffer.Open(FieldTags.RecordBody);
        if (Value(json, _bodyLimit, isBody: true))
            _buffer.Close(any);
        else
            _buffer.Truncate(start);
    }

    public override void AddJson(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json)
    {
        if (key.IsEmpty)
            return;

        if (_names is null)
            (_names = new AttributeNames(_buffer)).Begin(_record);
        _names.TryLearn();
        var start = _buffer.Length;
        var attribute = _buffer.Open(FieldTags.RecordAttribute);
        Name(key);
        var any = _buffer.Open(FieldTags.PairValue);
        if (Value(json, _valueLimit, isBody: false))
        {
            _buffer.Close(any);
            _buffer.Close(attribute);
            // Of two with one name the first stays.
            if (_names.TryLearn())
                return;
        }

        _buffer.Truncate(start);
        _names.Forget();
    }

    /// <summary>False, with anything written, when the value says nothing: null or an empty string.</summary>
    bool Value(ReadOnlySpan<byte> json, int limit, bool isBody)
    {
        if (json.IsEmpty)
            return false;

        var start = _buffer.Length;
        var reader = new Utf8JsonReader(json, Lenient);
        try
        {
            if (!reader.Read())
                return false;
            var isContainer = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            if (!isContainer)
                return Scalar(ref reader, limit, isBody) && !reader.Read();
            if (json.Length <= limit)
            {
                Container(ref reader, limit, isBody);
                return true;
            }
        }
        catch (JsonException)
        {
            _buffer.Truncate(start);
        }

        String(json, limit, isBody);
        return true;
    }

    /// <summary>The object or array whose first token was read; its lengths are filled in as it ends.</summary>
    void Container(ref Utf8JsonReader reader, int limit, bool isBody)
    {
        // Three open messages a level at most: the list, its item, and the value in the item.
        Span<int> open = stackalloc int[(MaxDepth + 1) * 3];
        Span<bool> isObject = stackalloc bool[MaxDepth + 1];
        var depth = 0;
        var count = 0;

        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                case JsonTokenType.StartArray:
                    if (depth > 0 && !isObject[depth - 1])
                        open[count++] = _buffer.Open(FieldTags.ListItem);
                    isObject[depth++] = reader.TokenType == JsonTokenType.StartObject;
                    open[count++] = _buffer.Open(isObject[depth - 1] ? FieldTags.ValueList : FieldTags.ValueArray);
                    break;

                case JsonTokenType.EndObject:
                case JsonTokenType.EndArray:
                    _buffer.Close(open[--count]);
                    depth--;
                    if (depth > 0)
                        count = EndItem(open, count, isObject[depth - 1]);
                    break;

                case JsonTokenType.PropertyName:
                    open[count++] = _buffer.Open(FieldTags.ListItem);
                    Name(reader.ValueIsEscaped ? Unescaped(reader.ValueSpan) : reader.ValueSpan);
                    open[count++] = _buffer.Open(FieldTags.PairValue);
                    break;

                default:
                    if (!isObject[depth - 1])
                        open[count++] = _buffer.Open(FieldTags.ListItem);
                    Scalar(ref reader, limit, isBody);
                    count = EndItem(open, count, isObject[depth - 1]);
                    break;
            }
        }
        while (depth > 0 && reader.Read());

        if (depth > 0 || reader.Read())
            throw new JsonException();
    }

    /// <summary>Closes the array item, or the value and the pair of an object's member.</summary>
    int EndItem(Span<int> open, int count, bool inObject)
    {
        _buffer.Close(open[--count]);
        if (inObject)
            _buffer.Close(open[--count]);
        return count;
    }

    /// <summary>False for null and the empty string; the latter is written nonetheless, because it counts inside a container.</summary>
    bool Scalar(ref Utf8JsonReader reader, int limit, bool isBody)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                String(reader.ValueIsEscaped ? Unescaped(reader.ValueSpan) : reader.ValueSpan, limit, isBody);
                return !reader.ValueSpan.IsEmpty;

            case JsonTokenType.Number when reader.TryGetInt64(out var integer):
                _buffer.Byte(FieldTags.ValueInt);
                _buffer.Varint((ulong)integer);
                return true;

            case JsonTokenType.Number when IsFraction(reader.ValueSpan) && reader.TryGetDouble(out var number) && double.IsFinite(number):
                _buffer.Fixed64(FieldTags.ValueDouble, BitConverter.DoubleToUInt64Bits(number));
                return true;

            case JsonTokenType.Number:
                String(reader.ValueSpan, limit, isBody);
                return true;

            case JsonTokenType.True:
            case JsonTokenType.False:
                _buffer.Byte(FieldTags.ValueBool);
                _buffer.Byte(reader.TokenType == JsonTokenType.True ? (byte)1 : (byte)0);
                return true;

            default:
                return false;
        }
    }

    static bool IsFraction(ReadOnlySpan<byte> number) => number.IndexOfAny(".eE"u8) >= 0;

    /// <summary>Good until the next call.</summary>
    ReadOnlySpan<byte> Unescaped(ReadOnlySpan<byte> inside)
    {
        _scratch ??= new ProtobufBuffer(inside.Length);
        _scratch.Truncate(0);
        _scratch.Advance(Utf8Text.Unescape(inside, _scratch.Reserve(inside.Length)));
        return _scratch.Span;
    }

    /// <summary>A key from outside: valid, and held to the limit of a value.</summary>
    void Name(ReadOnlySpan<byte> key)
    {
        key = key[..Utf8Text.Keep(key, _valueLimit)];
        var field = _buffer.Open(FieldTags.PairKey);
        _buffer.Advance(Utf8Text.Repair(key, _buffer.Reserve(key.Length * 3)));
        _buffer.Close(field);
    }
}
