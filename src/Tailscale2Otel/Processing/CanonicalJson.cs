using System.Text.Json;

namespace Tailscale2Otel.Processing;

/// <summary>
/// JSON as what it means, for content keys: members sorted by name (of two with one name the last), numbers by value, strings
/// unescaped, no white space. Two texts of one value give the same bytes and two values never do.
/// </summary>
readonly struct CanonicalJson
{
    const int MaxDepth = 64;

    readonly PooledBytes _output;
    readonly List<Member> _members;

    CanonicalJson(PooledBytes output)
    {
        _output = output;
        _members = [];
    }

    /// <summary>Does not throw: false, and nothing written, when the text is not one JSON value of at most 64 levels.</summary>
    public static bool TryWrite(ReadOnlySpan<byte> json, PooledBytes output)
    {
        var start = output.Length;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            new CanonicalJson(output).WriteValue(ref reader);
            if (!reader.Read())
                return true;
        }
        catch (JsonException)
        {
            // Said by the result.
        }

        output.Truncate(start);
        return false;
    }

    void WriteValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader);
                break;
            case JsonTokenType.StartArray:
                WriteArray(ref reader);
                break;
            case JsonTokenType.String:
                WriteString(ref reader);
                break;
            case JsonTokenType.Number:
                CanonicalNumber.Write(reader.ValueSpan, _output);
                break;
            default:
                _output.Write(reader.ValueSpan);
                break;
        }
    }

    void WriteArray(ref Utf8JsonReader reader)
    {
        _output.Write((byte)'[');
        for (var first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
        {
            if (!first)
                _output.Write((byte)',');
            WriteValue(ref reader);
        }

        _output.Write((byte)']');
    }

    /// <summary>Members are written as they come, then put in order; nested objects have done so by then.</summary>
    void WriteObject(ref Utf8JsonReader reader)
    {
        var start = _output.Length;
        var firstMember = _members.Count;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = _output.Length;
            WriteString(ref reader);
            var value = _output.Length;
            reader.Read();
            WriteValue(ref reader);
            _members.Add(new Member(name, value, _output.Length));
        }

        using var unordered = new PooledBytes(_output.Length - start + 1);
        unordered.Write(_output.Written[start..]);
        _output.Truncate(start);
        WriteOrdered(unordered, start, firstMember);
        _members.RemoveRange(firstMember, _members.Count - firstMember);
    }

    void WriteOrdered(PooledBytes unordered, int start, int firstMember)
    {
        var count = _members.Count - firstMember;
        _members.Sort(firstMember, count, new MemberOrder(unordered, start));
        _output.Write((byte)'{');
        var first = true;
        for (var i = firstMember; i < _members.Count; i++)
        {
            var member = _members[i];
            if (i + 1 < _members.Count && MemberOrder.Name(unordered, start, member).SequenceEqual(MemberOrder.Name(unordered, start, _members[i + 1])))
                continue;
            if (!first)
                _output.Write((byte)',');
            first = false;
            _output.Write(MemberOrder.Name(unordered, start, member));
            _output.Write((byte)':');
            _output.Write(unordered.Written[(member.Value - start)..(member.End - start)]);
        }

        _output.Write((byte)'}');
    }

    /// <summary>The string or name that the reader stands on, with only the escapes that JSON cannot do without.</summary>
    void WriteString(ref Utf8JsonReader reader)
    {
        _output.Write((byte)'"');
        var escaped = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            _output.Write(escaped);
        }
        else
        {
            using var text = new PooledBytes(escaped.Length + 4);
            text.Advance(JsonText.Unescape(escaped, text.Reserve(escaped.Length + 4)));
            foreach (var value in text.Written)
            {
                WriteCharacter(value);
            }
        }

        _output.Write((byte)'"');
    }

    void WriteCharacter(byte value)
    {
        if (value < ' ')
        {
            _output.Write("\\u00"u8);
            _output.Write((byte)('0' + (value >> 4)));
            _output.Write("0123456789abcdef"u8[value & 0xF]);
            return;
        }

        if (value is (byte)'"' or (byte)'\\')
            _output.Write((byte)'\\');
        _output.Write(value);
    }

    /// <summary>Offsets in the output at the time of writing: where the name begins, where the value begins, where it ends.</summary>
    readonly record struct Member(int NameStart, int Value, int End);

    /// <summary>By name, and of one name in the order of the text.</summary>
    sealed class MemberOrder(PooledBytes bytes, int start) : IComparer<Member>
    {
        public static ReadOnlySpan<byte> Name(PooledBytes bytes, int start, Member member) =>
            bytes.Written[(member.NameStart - start)..(member.Value - start)];

        public int Compare(Member x, Member y)
        {
            var byName = Name(bytes, start, x).SequenceCompareTo(Name(bytes, start, y));
            return byName != 0 ? byName : x.NameStart.CompareTo(y.NameStart);
        }
    }
}
