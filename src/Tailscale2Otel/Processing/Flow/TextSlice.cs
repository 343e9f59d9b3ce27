namespace Tailscale2Otel.Processing.Flow;

/// <summary>Where a piece of text lies: at <c>Start</c> in the payload, or, when negative, at <c>~Start</c> in the record's scratch.</summary>
readonly record struct TextSlice(int Start, int Length)
{
    public bool IsEmpty => Length == 0;

    public TextSlice Sub(int offset, int length) => new(Start >= 0 ? Start + offset : ~(~Start + offset), length);
}
