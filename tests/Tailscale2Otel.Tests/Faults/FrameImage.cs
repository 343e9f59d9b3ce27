namespace Tailscale2Otel.Tests.Faults;

/// <param name="Offset">In the file.</param>
/// <param name="Sequence">Of the flow record in it.</param>
sealed record FrameImage(long Position, long Offset, int Length, int Sequence)
{
    public long End => Position + Length;
}
