using System.Text.Json;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Metadata that the sender put into the query string: <c>?host=&amp;source=&amp;sourcetype=&amp;index=&amp;time=</c>. It fills what an event lacks.</summary>
sealed class HecQuery
{
    public static readonly HecQuery Empty = new();

    readonly byte[]?[] _values = new byte[]?[HecEnvelope.MemberCount];

    HecQuery()
    {
    }

    public bool IsEmpty { get; private init; } = true;

    public static HecQuery From(IQueryCollection query)
    {
        if (query.Count == 0)
            return Empty;

        var result = new HecQuery { IsEmpty = false };
        // Fields, the last one, have no form in a query.
        for (var i = 0; i < HecEnvelope.MemberCount - 1; i++)
        {
            var text = query[HecEnvelope.Members[i]];
            if (text.Count > 0 && !string.IsNullOrEmpty(text[^1]))
                result._values[i] = JsonSerializer.SerializeToUtf8Bytes(text[^1]!, HecQueryJson.Default.String);
        }

        return result;
    }

    /// <summary>The value as JSON; empty when the query has none.</summary>
    public ReadOnlySpan<byte> this[int member] => _values[member];
}
