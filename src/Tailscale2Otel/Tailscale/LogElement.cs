namespace Tailscale2Otel.Tailscale;

/// <summary>One element of an answer's list of logs.</summary>
/// <param name="Json">As it was sent; the beginning alone of one that is too large to be held.</param>
/// <param name="Size">Of the whole.</param>
readonly record struct LogElement(ReadOnlyMemory<byte> Json, long Size)
{
    public static implicit operator LogElement(ReadOnlyMemory<byte> whole) => new(whole, whole.Length);
}
