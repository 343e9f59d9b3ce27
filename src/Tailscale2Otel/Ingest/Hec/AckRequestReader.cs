using System.Text.Json;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Reads <c>{"acks":[0,1]}</c>.</summary>
static class AckRequestReader
{
    /// <summary>More than one asks for in good faith; the body's own limit allows tens of millions.</summary>
    const int MaxIds = 100_000;

    /// <summary>Does not throw for what is in the body. False when it is anything else than one object with whole numbers in <c>acks</c>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, List<long> ids)
    {
        var json = new Utf8JsonReader(body);
        try
        {
            var found = false;
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isAcks = json.ValueTextEquals("acks"u8);
                json.Read();
                if (!isAcks)
                    json.Skip();
                else if (!TryReadIds(ref json, ids))
                    return false;
                found |= isAcks;
            }

            return found && !json.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    static bool TryReadIds(ref Utf8JsonReader json, List<long> ids)
    {
        ids.Clear();
        if (json.TokenType != JsonTokenType.StartArray)
            return false;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var id) || id < 0 || ids.Count >= MaxIds)
                return false;
            ids.Add(id);
        }

        return true;
    }
}
