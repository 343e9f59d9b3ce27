namespace Tailscale2Otel.Spool.Inspection;

/// <param name="Reason">One word, as in the metric <c>tailscale2otel.spool.damaged</c>.</param>
/// <param name="Segment">File name.</param>
/// <param name="Text">What there is to say besides; may be empty.</param>
readonly record struct DamagedRange(string Reason, string Segment, long From, long To, string Text)
{
    public long Bytes => To - From;

    public bool Contains(string reason, long from, long to) => Reason == reason && From <= from && to <= To;
}
