namespace Tailscale2Otel.Ingest.Hec;

readonly record struct HecRange(int Start, int Length)
{
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> body) => body.Slice(Start, Length);
}
