using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>Turns slices into text. Taken from <see cref="FlowRecord.Text"/>; good until text is added to the record.</summary>
readonly ref struct FlowText(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> scratch)
{
    readonly ReadOnlySpan<byte> _payload = payload;
    readonly ReadOnlySpan<byte> _scratch = scratch;

    public ReadOnlySpan<byte> this[TextSlice slice]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => slice.Start >= 0 ? _payload.Slice(slice.Start, slice.Length) : _scratch.Slice(~slice.Start, slice.Length);
    }
}
