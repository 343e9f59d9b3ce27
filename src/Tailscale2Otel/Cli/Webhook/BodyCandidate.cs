using System.Text.Json;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Cli.Webhook;

/// <summary>A body to try.</summary>
/// <param name="Deviation">What was done to it on the way, if this is the one that was signed; empty when it is as captured.</param>
sealed record BodyCandidate(ReadOnlyMemory<byte> Bytes, string Deviation = "")
{
    /// <summary>What may have been signed, if something on the way changed it to this.</summary>
    public IEnumerable<BodyCandidate> Unaltered()
    {
        var text = Bytes.Span;
        var trimmed = text.TrimEnd("\r\n"u8).Length;
        List<BodyCandidate> candidates = [];
        if (trimmed < text.Length)
            candidates.Add(new BodyCandidate(Bytes[..trimmed], "a line break was added at its end"));
        if (text.IndexOf("\r\n"u8) >= 0)
            candidates.Add(new BodyCandidate(WithoutCarriageReturns(text), "its line breaks were turned into CRLF"));
        if (text.StartsWith("\uFEFF"u8))
            candidates.Add(new BodyCandidate(Bytes[3..], "a byte order mark was put before it"));
        if (Compact(text) is { } compact && compact.Length < text.Length)
            candidates.Add(new BodyCandidate(compact, "white space was added to its JSON, as by a proxy that writes it anew"));
        return candidates;
    }

    static byte[] WithoutCarriageReturns(ReadOnlySpan<byte> text)
    {
        var output = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\r' || i + 1 == text.Length || text[i + 1] != '\n')
                output.Add(text[i]);
        }

        return [.. output];
    }

    static byte[]? Compact(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            return null;
        }

        using var compact = new PooledBytes(text.Length);
        CompactJson.Write(text, compact);
        return compact.Written.ToArray();
    }
}
