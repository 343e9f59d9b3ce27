using System.Globalization;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Cli;

/// <summary>One end of what is replayed: a time of reception, or a position of the spool written <c>@123</c>.</summary>
readonly record struct ReplayBound
{
    const char PositionMark = '@';

    /// <summary>Null when it is a time.</summary>
    public SpoolPosition? Position { get; private init; }

    /// <summary>Null when it is a position.</summary>
    public DateTimeOffset? Time { get; private init; }

    public static ReplayBound At(SpoolPosition position) => new() { Position = position };

    public static ReplayBound At(DateTimeOffset time) => new() { Time = time };

    public static bool TryParse(string text, TimeProvider time, out ReplayBound bound)
    {
        bound = default;
        if (text is [PositionMark, ..])
        {
            if (!long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
                return false;
            bound = At(new SpoolPosition(position));
            return true;
        }

        if (!InstantOption.TryParse(text, time, out var instant))
            return false;
        bound = At(instant);
        return true;
    }

    /// <summary>As an option takes it.</summary>
    public override string ToString() => Position is { } position
        ? $"{PositionMark}{position}"
        : Time?.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture) ?? "";
}
