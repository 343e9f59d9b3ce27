using Tailscale2Otel.Model;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Hosting.Redelivery.Letters;

/// <summary>
/// The record of a dead letter for certain, as its <see cref="DeadLetterId"/> of 48 bits is not: among millions of letters two may
/// share one, and neither may be dropped because the other was accepted.
/// </summary>
/// <param name="Id">What it is called; follows from the rest.</param>
/// <param name="ReceivedAt">Unix nanoseconds.</param>
readonly record struct DeadLetterKey(DeadLetterId Id, SpoolPosition Position, long ReceivedAt)
{
    public static DeadLetterKey Of(DeadLetterHead head) => new(head.Id, head.Position, head.ReceivedAt);
}
