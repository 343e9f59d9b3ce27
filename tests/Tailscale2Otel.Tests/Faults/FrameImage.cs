namespace Tailscale2Otel.Tests.Faults;

/// <param name="Offset">In the file.</param>
/// <param name="Continues">The append goes on with the next frame.</param>
/// <param name="Sequence">Of the flow record in it.</param>
sealed record FrameImage(long Position, long Offset, int Length, bool Continues, int Sequence)
{
    public long End => Position + Length;
}
