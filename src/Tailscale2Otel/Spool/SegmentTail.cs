namespace Tailscale2Otel.Spool;

/// <summary>How a segment file ends.</summary>
/// <param name="Whole">Position behind the last append that is whole; where reading began when there is none.</param>
/// <param name="LastReceivedAt">Of the last sound frame, in Unix nanoseconds; null when there is none.</param>
/// <param name="IsUnreadable">The disk did not give all bytes, so that nothing is known for sure.</param>
readonly record struct SegmentTail(long Whole, long? LastReceivedAt, bool IsUnreadable)
{
    const long FirstWindow = 64 * 1024;

    /// <summary>
    /// Reads frames up to a limit. Sound frames behind damage count: only what follows the last of them is a torn tail, and of an
    /// append whose frames do not all stand there nothing is whole.
    /// </summary>
    public static SegmentTail Read(FrameScanner scanner, long from, long limit)
    {
        var (whole, last, isUnreadable) = (from, (long?)null, false);
        for (var position = from; position < limit;)
        {
            if (!scanner.TryFrame(position, limit, out var header, out _))
            {
                isUnreadable |= scanner.IsUnreadable;
                position = scanner.FindFrame(position + 1, limit);
                isUnreadable |= scanner.IsUnreadable;
                continue;
            }

            position += header.Length;
            last = header.ReceivedAt;
            if (!header.Continues)
                whole = position;
        }

        return new SegmentTail(whole, last, isUnreadable);
    }

    /// <summary>The same from the end on backwards, without reading more than it takes: the seal makes a frame certain wherever reading begins.</summary>
    /// <param name="most">Bytes to look at; when no append ends in them, the result says so by <see cref="Whole"/>.</param>
    public static SegmentTail Find(FrameScanner scanner, long start, long limit, long most)
    {
        for (var window = FirstWindow; ; window *= 4)
        {
            var from = Math.Max(start, limit - Math.Min(window, most));
            var tail = Read(scanner, from, limit);
            if (tail.Whole > from || from == start || window >= most)
                return tail;
        }
    }
}
