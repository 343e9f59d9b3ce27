using System.Text.Json;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Processing.StreamEvent;

/// <summary>The flat <c>fields</c> of an envelope as attributes. Names come from the sender, so none may be written twice.</summary>
sealed class StreamEventFields
{
    static readonly Utf8Name[] Taken =
    [
        LogAttributes.Uid, LogAttributes.Tailnet, LogAttributes.Provider, LogAttributes.Source, LogAttributes.Replayed,
        LogAttributes.HostName, LogAttributes.SplunkSource, LogAttributes.SplunkSourcetype, LogAttributes.SplunkIndex,
    ];

    /// <summary>Hash of a name to where its last member begins: of two members with one name the last counts.</summary>
    readonly Dictionary<ulong, long> _last = [];

    /// <param name="fields">A valid JSON object, or nothing.</param>
    public void Write(LogWriter logs, ReadOnlySpan<byte> fields)
    {
        if (fields.IsEmpty)
            return;

        _last.Clear();
        for (var reader = Open(fields); NextName(ref reader); reader.Skip())
        {
            using var name = NameOf(ref reader);
            _last[CounterKey.Hash(name.Written)] = reader.TokenStartIndex;
            reader.Read();
        }

        for (var reader = Open(fields); NextName(ref reader);)
        {
            using var name = NameOf(ref reader);
            var isLast = _last[CounterKey.Hash(name.Written)] == reader.TokenStartIndex;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isLast && name.Length > 0 && !IsTaken(name.Written))
                logs.AddJson(name.Written, fields[start..(int)reader.BytesConsumed]);
        }
    }

    static Utf8JsonReader Open(ReadOnlySpan<byte> fields)
    {
        var reader = new Utf8JsonReader(fields, JsonText.Deep);
        reader.Read();
        return reader;
    }

    static bool NextName(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    static PooledBytes NameOf(ref Utf8JsonReader reader)
    {
        var name = new PooledBytes(reader.ValueSpan.Length);
        if (reader.ValueIsEscaped)
            name.Advance(JsonText.Unescape(reader.ValueSpan, name.Reserve(reader.ValueSpan.Length)));
        else
            name.Write(reader.ValueSpan);
        return name;
    }

    static bool IsTaken(ReadOnlySpan<byte> name)
    {
        foreach (var taken in Taken)
        {
            if (name.SequenceEqual(taken.Bytes))
                return true;
        }

        return false;
    }
}
