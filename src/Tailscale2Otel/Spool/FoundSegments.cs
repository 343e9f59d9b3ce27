namespace Tailscale2Otel.Spool;

/// <summary>The segment files of a directory as their headers and lengths tell.</summary>
/// <param name="Segments">Oldest first; the last one ends with its file, the others where the next says.</param>
/// <param name="Empty">Too short for a header, with the start that the name says.</param>
/// <param name="Salt">Of the cursors or of a sound header; a new one when there is neither.</param>
/// <param name="Highest">No file holds a position above this.</param>
sealed record FoundSegments(List<Segment> Segments, List<(string Name, long Start)> Empty, ulong Salt, long Highest)
{
    /// <summary>Those of <see cref="Segments"/> whose header is lost; not those that the disk does not give.</summary>
    public required IReadOnlyList<Segment> Headless { get; init; }

    /// <summary>Names of files of which nothing was acknowledged as far as the segments behind them know, and which are none of <see cref="Segments"/>.</summary>
    public required IReadOnlyList<string> Unacknowledged { get; init; }

    /// <summary>Where the newest file starts, whatever is in it; <see cref="CursorState.NoSegment"/> without any.</summary>
    public required long Newest { get; init; }
}
