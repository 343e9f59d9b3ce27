using System.Buffers.Binary;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>
/// Lets one of the two records stay that tell one change: a webhook event and an audit record of the same subject and kind, at
/// most two seconds apart by their own times. The first stays. One record takes the place of at most one other, so that two
/// changes told twice never become one. Claims are owned by positions, as in the window itself: reading again decides the same.
/// </summary>
sealed class SharedChanges(DeduplicationWindow window)
{
    /// <summary>The two are written by different parts of Tailscale; nobody promises that they look at the clock at once.</summary>
    static readonly int[] Neighbours = [0, -1, 1, -2, 2];

    /// <summary>False when a record of the other kind told this change before.</summary>
    /// <param name="time">The event's own, in Unix nanoseconds.</param>
    public bool TryTell(in ContentKey change, long time, in RawRecord record)
    {
        var second = time / EventTime.NanosecondsPerSecond;
        var other = record.Signal == RecordSignal.Audit ? RecordSignal.Webhook : RecordSignal.Audit;
        foreach (var offset in Neighbours)
        {
            var told = Key(change, (byte)other, second + offset);
            if (window.TryFindOwner(told, out var owner) && owner < record.Position
                && window.TryClaim(Key(told, byte.MaxValue, owner.Value), record.Position, record.ReceivedAt))
                return false;
        }

        _ = window.TryClaim(Key(change, (byte)record.Signal, second), record.Position, record.ReceivedAt);
        return true;
    }

    static ContentKey Key(in ContentKey change, byte kind, long number)
    {
        Span<byte> input = stackalloc byte[(3 * sizeof(ulong)) + 1];
        BinaryPrimitives.WriteUInt64BigEndian(input, change.High);
        BinaryPrimitives.WriteUInt64BigEndian(input[8..], change.Low);
        BinaryPrimitives.WriteInt64BigEndian(input[16..], number);
        input[^1] = kind;
        return ContentHash.Of(input);
    }
}
