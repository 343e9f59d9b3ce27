using System.Buffers.Binary;
using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Webhook;

/// <summary>
/// The content key of a webhook event: what it says, and nothing of the delivery, so that one that is sent again with another
/// signature or among others is the same event. Both names of the tailnet are in it: the one it came in for, and its own word.
/// </summary>
static class WebhookKey
{
    public static ContentKey Of(string tailnet, in WebhookEvent decoded)
    {
        using var content = new PooledBytes();
        content.Write("webhook\n"u8);
        AddText(content, Encoding.UTF8.GetBytes(tailnet));
        AddText(content, decoded.Tailnet);
        AddText(content, decoded.Type);
        AddTime(content, decoded);
        AddText(content, decoded.Message);
        AddJson(content, decoded.Data);
        return ContentHash.Of(content.Written);
    }

    static void AddTime(PooledBytes content, in WebhookEvent decoded)
    {
        BinaryPrimitives.WriteInt64BigEndian(content.Reserve(sizeof(long)), decoded.Time);
        content.Advance(sizeof(long));
        if (decoded.Time == 0)
            AddText(content, decoded.TimeText);
    }

    // The length before each field keeps "ab","c" and "a","bc" apart.
    static void AddText(PooledBytes content, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32BigEndian(content.Reserve(sizeof(int)), text.Length);
        content.Advance(sizeof(int));
        content.Write(text);
    }

    static void AddJson(PooledBytes content, ReadOnlySpan<byte> json)
    {
        using var canonical = new PooledBytes();
        if (!json.IsEmpty && !CanonicalJson.TryWrite(json, canonical))
            canonical.Write(json);
        AddText(content, canonical.Written);
    }
}
