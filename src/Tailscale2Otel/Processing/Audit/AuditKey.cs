using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Audit;

/// <summary>
/// The content key of an audit record. The hash of what it says is made once; the key of each millisecond is a hash over that
/// and the time. Times are cut to the millisecond: the stream carries no more, and the same event polled with nanoseconds has
/// the same key, hence the same uid, whenever the stream cut them too. Where the stream rounded up, the neighbour is found.
/// </summary>
readonly struct AuditKey
{
    const long NanosecondsPerMillisecond = 1_000_000;

    readonly byte[] _content;
    readonly long _millisecond;

    AuditKey(byte[] content, long millisecond)
    {
        _content = content;
        _millisecond = millisecond;
    }

    public ContentKey Own => At(_millisecond);

    public ContentKey Before => At(_millisecond - 1);

    public ContentKey After => At(_millisecond + 1);

    /// <param name="time">Unix nanoseconds.</param>
    public static AuditKey Of(string tailnet, in AuditRecord record, long time)
    {
        using var content = new PooledBytes();
        content.Write("audit\n"u8);
        AddText(content, Encoding.UTF8.GetBytes(tailnet));
        AddText(content, record.EventGroupId);
        AddText(content, record.ActorId);
        AddText(content, record.Action);
        AddText(content, record.TargetType);
        AddText(content, record.TargetId);
        AddText(content, record.TargetProperty);
        AddJson(content, record.Old);
        AddJson(content, record.New);
        AddText(content, record.Details);
        AddText(content, record.Error);
        return new AuditKey(SHA256.HashData(content.Written), time / NanosecondsPerMillisecond);
    }

    ContentKey At(long millisecond)
    {
        Span<byte> input = stackalloc byte[SHA256.HashSizeInBytes + sizeof(long)];
        _content.CopyTo(input);
        BinaryPrimitives.WriteInt64BigEndian(input[SHA256.HashSizeInBytes..], millisecond);
        return ContentHash.Of(input);
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
