using System.Buffers;
using System.Text.Json;

namespace Tailscale2Otel.Tailscale;

/// <summary>
/// Takes the records out of an answer with logs while it comes: the elements of <c>logs</c>, wherever that stands in the envelope, each
/// as the bytes that the server sent. In memory is one record and what has come after it. A record that is too large is passed over,
/// and its beginning handed out: it must not keep its neighbours from whoever asks.
/// </summary>
sealed class LogAnswerReader(BoundedBody body) : IDisposable
{
    /// <summary>Many times what a node sends at once, and what the spool takes.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    /// <summary>What is handed out of a record that is over that.</summary>
    public const int BeginningBytes = 65_536;

    /// <summary>Deep enough to leave the judgement on a record to those who know what it is.</summary>
    const int MaxDepth = 512;

    const int RootDepth = 0;
    const int MemberDepth = 1;
    const int RecordDepth = 2;
    const int None = -1;

    static readonly JsonReaderState Beginning = new(new JsonReaderOptions { MaxDepth = MaxDepth });
    static readonly JsonReaderState BehindAnElement = StateBehindAnElement();

    byte[] _buffer = ArrayPool<byte>.Shared.Rent(BeginningBytes);
    JsonReaderState _state = Beginning;
    ElementScan _scan;
    long _passed;
    int _parsed;
    int _filled;
    int _wanted;
    int _record = None;
    bool _isLast;
    bool _isLogsMember;
    bool _isInLogs;
    bool _hasLogs;
    bool _hasMessage;

    /// <summary>JSON, and an object if the server keeps its word. Good until the next call.</summary>
    public ReadOnlyMemory<byte> Record { get; private set; }

    /// <summary>Of the record, of which <see cref="Record"/> is the beginning when it is over <see cref="MaxRecordBytes"/>.</summary>
    public long RecordSize { get; private set; }

    public long Records { get; private set; }

    /// <summary>False at the end, and when the answer ends early: then the body has the fault.</summary>
    public async ValueTask<bool> NextAsync()
    {
        while (body.Fault is null)
        {
            if (_passed > 0)
            {
                if (!await PassAsync())
                    continue;
                Records++;
                return true;
            }

            if (_filled - _parsed >= _wanted || _isLast)
            {
                if (TryParse() is not { } hasRecord)
                {
                    body.End(ApiFaultKind.BrokenAnswer, _isLast ? "it is not the whole of an object with a list of logs" : "it is not JSON with a list of logs");
                    return false;
                }

                if (hasRecord)
                {
                    Records++;
                    return true;
                }

                if (_isLast)
                    return false;
            }

            await FillAsync();
        }

        return false;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Record = default;
    }

    /// <summary>Whether a record is whole; null when this is not the answer that it should be.</summary>
    bool? TryParse()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_parsed, _filled - _parsed), _isLast, _state);
        try
        {
            while (reader.Read())
            {
                if (!IsExpected(ref reader))
                    return null;
                if (_record == None || !IsRecordEnd(ref reader))
                    continue;

                var end = _parsed + (int)reader.BytesConsumed;
                Record = _buffer.AsMemory(_record, end - _record);
                RecordSize = Record.Length;
                _record = None;
                Keep(ref reader);
                _wanted = 0;
                return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }

        Keep(ref reader);
        // A token that has not come whole is read from its beginning again, but not before there is twice as much of it.
        _wanted = (_filled - _parsed) * 2;
        return false;
    }

    void Keep(ref Utf8JsonReader reader)
    {
        _parsed += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    /// <summary>Follows the envelope and notes where a record begins.</summary>
    bool IsExpected(ref Utf8JsonReader reader)
    {
        var token = reader.TokenType;
        switch (reader.CurrentDepth)
        {
            // An empty window may come without logs; an error that is sent as a success must not pass for one.
            case RootDepth:
                return token == JsonTokenType.StartObject || (token == JsonTokenType.EndObject && (_hasLogs || !_hasMessage));
            case MemberDepth when token == JsonTokenType.PropertyName:
                _isLogsMember = reader.ValueTextEquals("logs"u8);
                _hasLogs |= _isLogsMember;
                _hasMessage |= reader.ValueTextEquals("message"u8);
                return true;
            case MemberDepth when _isInLogs:
                _isInLogs = false;
                return true;
            case MemberDepth when _isLogsMember:
                _isLogsMember = false;
                _isInLogs = token == JsonTokenType.StartArray;
                return _isInLogs || token == JsonTokenType.Null;
            case RecordDepth when _isInLogs && _record == None:
                _record = _parsed + (int)reader.TokenStartIndex;
                return true;
            default:
                return true;
        }
    }

    static bool IsRecordEnd(ref Utf8JsonReader reader) =>
        reader.CurrentDepth == RecordDepth && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName);

    async ValueTask FillAsync()
    {
        if (_filled == _buffer.Length && !TryMakeRoom())
        {
            PassOver();
            return;
        }

        var read = await body.ReadAsync(_buffer.AsMemory(_filled));
        _filled += read;
        _isLast = read == 0;
    }

    /// <summary>The record that begins in the full buffer does not fit: from here on it is followed to its end and not kept.</summary>
    void PassOver()
    {
        var start = _record == None ? ElementStart() : _record;
        if (start == None || !ElementScan.CanFollow(_buffer[start]))
        {
            body.End(ApiFaultKind.TooLarge, $"a part of it that is no record is over {MaxRecordBytes} bytes");
            return;
        }

        _scan = new ElementScan();
        if (_scan.End(_buffer.AsSpan(start, _filled - start)) >= 0)
        {
            // It does fit, and was not looked at since it came whole.
            _wanted = 0;
            return;
        }

        _passed = _filled - start;
        _buffer.AsSpan(start, BeginningBytes).CopyTo(_buffer);
    }

    /// <summary>A text of its own is no record to the parser before it is whole.</summary>
    int ElementStart()
    {
        if (!_isInLogs)
            return None;
        var skipped = _buffer.AsSpan(_parsed, _filled - _parsed).IndexOfAnyExcept(" \t\r\n,"u8);
        return skipped < 0 ? None : _parsed + skipped;
    }

    /// <summary>True when the end of the record that is passed over has come.</summary>
    async ValueTask<bool> PassAsync()
    {
        var read = await body.ReadAsync(_buffer.AsMemory(BeginningBytes));
        if (read == 0)
            body.End(ApiFaultKind.BrokenAnswer, "it is not the whole of an object with a list of logs");
        var end = _scan.End(_buffer.AsSpan(BeginningBytes, read));
        if (end < 0)
        {
            _passed += read;
            return false;
        }

        Record = _buffer.AsMemory(0, BeginningBytes);
        RecordSize = _passed + end;
        (_parsed, _filled, _wanted) = (BeginningBytes + end, BeginningBytes + read, 0);
        (_record, _passed, _state) = (None, 0, BehindAnElement);
        return true;
    }

    /// <summary>Where the parser goes on behind a record that it has not seen.</summary>
    static JsonReaderState StateBehindAnElement()
    {
        var reader = new Utf8JsonReader("{\"logs\":[\"\""u8, isFinalBlock: false, Beginning);
        while (reader.Read())
        {
        }

        return reader.CurrentState;
    }

    bool TryMakeRoom()
    {
        var kept = _record == None ? _parsed : _record;
        var length = _filled - kept;
        if (length >= MaxRecordBytes)
            return false;

        var source = _buffer;
        // A record that fills half of it will soon not fit.
        if (length > source.Length / 2)
            _buffer = ArrayPool<byte>.Shared.Rent(source.Length * 2);
        source.AsSpan(kept, length).CopyTo(_buffer);
        if (source != _buffer)
            ArrayPool<byte>.Shared.Return(source);
        _parsed -= kept;
        _filled = length;
        _record = _record == None ? None : 0;
        return true;
    }
}
