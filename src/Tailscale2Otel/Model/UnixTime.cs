namespace Tailscale2Otel.Model;

/// <summary>The one clock unit that crosses rooms: nanoseconds since 1970-01-01 UTC, as in OTLP's <c>time_unix_nano</c>.</summary>
static class UnixTime
{
    public static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
