using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tailscale2Otel.Redaction;

/// <summary>
/// Takes out of a JSON value the members that are removed (an object lacks them, an array its elements), and out of the texts that
/// stay what is removed in them. Not thread-safe.
/// </summary>
sealed class JsonRedactor(Redactor redactor, TextScrubber scrubber)
{
    public const int MaxDepth = 64;

    const string Actor = "actor";
    const string Target = "target";

    /// <summary>A flow record without it is none: the marker stands in its place, so that the rest can be sent again.</summary>
    const string Required = "nodeId";

    static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };
    static readonly JsonWriterOptions WriterOptions = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    RemovedValues _values = new();
    Utf8JsonWriter? _writer;

    /// <summary>Adds what <see cref="TryWrite"/> would take out, so that it is found in texts before it. False when it is not JSON.</summary>
    public bool TryCollect(ReadOnlySpan<byte> json, AttributeRule root, RemovedValues values) => TryWalk(json, root, values, null);

    /// <summary>Writes what may stay, on one line. False when it is not JSON of at most 64 levels; what is written then is not to be used.</summary>
    /// <param name="root">The rule of what is not in a member that has one.</param>
    /// <param name="values">What <see cref="TryCollect"/> found, and other values of the record.</param>
    public bool TryWrite(ReadOnlySpan<byte> json, AttributeRule root, RemovedValues values, IBufferWriter<byte> output) => TryWalk(json, root, values, output);

    bool TryWalk(ReadOnlySpan<byte> json, AttributeRule root, RemovedValues values, IBufferWriter<byte>? output)
    {
        _values = values;
        using var writer = output is null ? null : new Utf8JsonWriter(output, WriterOptions);
        _writer = writer;
        try
        {
            var reader = new Utf8JsonReader(json, ReaderOptions);
            if (!reader.Read())
                return false;
            if (!Value(ref reader, new Place("", root, false, default)))
                writer?.WriteStringValue(Redactor.MarkerUtf8);
            writer?.Flush();
            return !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // The last two would be a fault of ours: then nothing of it may stay, and the letter that it belongs to is still written.
            return false;
        }
        finally
        {
            _writer = null;
        }
    }

    /// <summary>Walks the value that the reader stands on, to its end.</summary>
    /// <returns>False when the value is removed: nothing of it is written.</returns>
    bool Value(ref Utf8JsonReader reader, in Place place, string? name = null)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return Text(ref reader, place, name);
            case JsonTokenType.StartObject or JsonTokenType.StartArray when place.IsOwn && redactor.IsOff(place.Rule.Categories) && !IsSubject(place.Name):
                if (_writer is not null)
                    reader.Skip();
                else
                    _ = Value(ref reader, place with { IsOwn = false });
                return false;
            case JsonTokenType.StartObject:
                Object(ref reader, place, name);
                return true;
            case JsonTokenType.StartArray:
                Array(ref reader, place, name);
                return true;
            case JsonTokenType.Number when redactor.Decide(place.Rule, reader.ValueSpan, place.Subjects) == Verdict.Remove:
                Remove(place.Rule, reader.ValueSpan);
                return false;
            default:
                if (_writer is not null)
                {
                    Name(name);
                    _writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                }

                return true;
        }
    }

    void Object(ref Utf8JsonReader reader, in Place place, string? name)
    {
        Name(name);
        _writer?.WriteStartObject();

        var subjects = SubjectsOf(reader, place);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = NameOf(ref reader);
            var own = JsonMembers.Find(place.Name, member);
            var inherited = place.Rule.Kind == AttributeKind.Safe ? AttributeRule.Unregistered : place.Rule;
            reader.Read();
            _ = Value(ref reader, new Place(member, own ?? inherited, own is not null, subjects), member);
        }

        _writer?.WriteEndObject();
    }

    /// <summary>Elements follow the rule of the array; objects in it are members of what the array is called.</summary>
    void Array(ref Utf8JsonReader reader, in Place place, string? name)
    {
        Name(name);
        _writer?.WriteStartArray();

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            _ = Value(ref reader, place);
        _writer?.WriteEndArray();
    }

    bool Text(ref Utf8JsonReader reader, in Place place, string? name)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(reader.ValueSpan.Length, 1));
        try
        {
            var text = buffer.AsSpan(0, reader.CopyString(buffer));
            var verdict = text.IsEmpty ? Verdict.Keep : redactor.Decide(place.Rule, text, place.Subjects);
            if (verdict == Verdict.Remove)
            {
                Remove(place.Rule, text);
                if (name == Required)
                    _writer?.WriteString(name, Redactor.MarkerUtf8);
            }
            else if (_writer is not null)
            {
                Name(name);

                // Times and words are searched too, since a malformed record may have anything in their place.
                var isSearched = verdict == Verdict.Scrub || (place.Rule.Kind == AttributeKind.Safe && !_values.IsFull);
                _writer.WriteStringValue(isSearched ? scrubber.Scrub(text, _values) : text);
            }

            return verdict != Verdict.Remove;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or no UTF-8: what cannot be read cannot be judged.
            if (name == Required)
                _writer?.WriteString(name, Redactor.MarkerUtf8);
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void Remove(AttributeRule rule, ReadOnlySpan<byte> value)
    {
        if (_writer is null && rule.Kind != AttributeKind.Text)
            _values.Add(value, isName: rule.Kind is AttributeKind.NodeName or AttributeKind.TargetName);
    }

    /// <summary>Names are written when it is known that the value stays. A name that holds something personal is cut like a text.</summary>
    void Name(string? name)
    {
        if (name is null || _writer is null)
            return;

        if (JsonMembers.IsKnown(name))
            _writer.WritePropertyName(name);
        else
            _writer.WritePropertyName(scrubber.Scrub(Encoding.UTF8.GetBytes(name), _values));
    }

    static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Redactor.Marker;
        }
    }

    /// <summary>Looks ahead for the type of an actor or a target; its members may stand in any order.</summary>
    static Subjects SubjectsOf(Utf8JsonReader reader, in Place place)
    {
        if (!IsSubject(place.Name))
            return place.Subjects;

        var kind = SubjectKind.Unknown;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = NameOf(ref reader) == "type";
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
                kind = Subjects.KindOf(reader.ValueSpan);
            reader.Skip();
        }

        return place.Name.Equals(Actor, StringComparison.OrdinalIgnoreCase) ? place.Subjects with { Actor = kind } : place.Subjects with { Target = kind };
    }

    static bool IsSubject(string name) => name.Equals(Actor, StringComparison.OrdinalIgnoreCase) || name.Equals(Target, StringComparison.OrdinalIgnoreCase);

    /// <param name="Name">Of the member that the value belongs to.</param>
    /// <param name="Rule">Of that member, or of the nearest one around it that has one.</param>
    /// <param name="IsOwn">The rule is the member's: when it removes the member, then with all that is in it.</param>
    readonly record struct Place(string Name, AttributeRule Rule, bool IsOwn, Subjects Subjects);
}
