namespace Tailscale2Otel.Processing.Counting;

/// <summary>Totals at one moment; nothing of it changes any more, but that rows may be named behind the last one.</summary>
sealed record FrozenCounters(ulong[] Values, KeyValuePair<string, object?>[][] Tags, ulong[] Overflow)
{
    public static readonly FrozenCounters Empty = new([], [], []);
}
