using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>
/// Single records by their position, from the segments that are still there. Takes no lock and changes nothing: a daemon may be
/// at work in the directory.
/// </summary>
sealed class SpoolLookup(string directory) : IDisposable
{
    readonly DiskSpoolDirectory _directory = new(directory);
    readonly FrameScanner _scanner = new();
    readonly TailnetNames _tailnets = new();

    /// <summary>The record's spans are good until the next call.</summary>
    /// <returns>False when its segment is gone or damaged.</returns>
    /// <exception cref="IOException">The directory or the segment cannot be read.</exception>
    public bool TryFind(SpoolPosition position, out RawRecord record)
    {
        record = default;
        return TryOpen(position.Value, out var segment)
            && _scanner.TryFrame(position.Value, segment!.End, out var header, out var frame)
            && Decode(position, header, frame[FrameHeader.Size..], out record);
    }

    public void Dispose() => _scanner.Dispose();

    bool TryOpen(long position, out Segment? segment)
    {
        segment = null;
        var start = -1L;
        foreach (var entry in _directory.List("", SegmentHeader.Suffix))
        {
            if (SegmentHeader.TryParseName(entry.Name, out var candidate) && candidate <= position)
                start = Math.Max(start, candidate);
        }

        if (start < 0)
            return false;

        SpoolFile file;
        try
        {
            file = _directory.OpenRead(SegmentHeader.NameOf(start));
        }
        catch (FileNotFoundException)
        {
            // Deleted since it was listed.
            return false;
        }

        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        if (file.Read(0, bytes) < bytes.Length || !SegmentHeader.TryParse(bytes, out var header) || header.Start != start)
        {
            file.Dispose();
            return false;
        }

        segment = new Segment(header, start + file.Length - SegmentHeader.Size, 0);
        _scanner.Open(file, segment);
        return position < segment.End;
    }

    bool Decode(SpoolPosition position, scoped in FrameHeader header, ReadOnlySpan<byte> body, out RawRecord record)
    {
        record = new RawRecord
        {
            Position = position,
            Next = new SpoolPosition(position.Value + header.Length),
            Source = header.Source,
            Signal = header.Signal,
            Tailnet = _tailnets.Get(body[..header.TailnetLength]),
            ReceivedAt = header.ReceivedAt,
            Metadata = body.Slice(header.TailnetLength, header.MetadataLength),
            Payload = body[(header.TailnetLength + header.MetadataLength)..],
        };
        return true;
    }
}
