using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Processing;

/// <summary>
/// A record that cannot be mapped. The windows of a poller overlap and bring it again and again: one that was polled is known by its
/// bytes, since nothing else of it can be relied on, and set aside once.
/// </summary>
static class FaultyRecord
{
    /// <summary>A dead letter, or a duplicate when another position holds the same one.</summary>
    public static ProcessResult Judge(in RawRecord record, string reason, DeduplicationWindow window) =>
        record.Source != RecordSource.Poll || window.TryClaim(KeyOf(record), record.Position, record.ReceivedAt)
            ? ProcessResult.DeadLetter(reason)
            : ProcessResult.Duplicate;

    static ContentKey KeyOf(in RawRecord record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        var tailnet = Encoding.UTF8.GetBytes(record.Tailnet);

        // The length before it keeps the name and the bytes after it apart.
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = (byte)record.Signal;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], tailnet.Length);
        hash.AppendData("faulty\n"u8);
        hash.AppendData(head);
        hash.AppendData(tailnet);
        hash.AppendData(record.Payload);
        _ = hash.GetHashAndReset(digest);
        return ContentKey.From(digest);
    }
}
