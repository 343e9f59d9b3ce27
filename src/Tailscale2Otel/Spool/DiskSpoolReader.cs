using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

sealed partial class DiskSpoolReader(SegmentTable table, SpoolContext context, SpoolDamage damage, SpoolPosition from) : SpoolReader
{
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    readonly FrameScanner _scanner = new();
    readonly TailnetNames _tailnets = new();
    long _position = from.Value;
    Segment? _segment;
    bool _isBlocked;

    public override SpoolPosition Position => new(_position);

    public override bool TryRead(out RawRecord record)
    {
        record = default;
        while (true)
        {
            var end = table.End;
            if (_position >= end || !TryEnterSegment())
                return false;

            var limit = Math.Min(_segment!.End, end);
            if (_scanner.TryFrame(_position, limit, out var header, out var frame))
            {
                record = Decode(header, frame);
                _position += header.Length;
                context.Metrics.RecordRead();
                return true;
            }

            SkipDamage(limit);
        }
    }

    public override async ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (_isBlocked)
            await Task.Delay(RetryDelay, context.Time, cancellation);
        await table.WaitBeyondAsync(_position, cancellation);
    }

    public override void Dispose() => _scanner.Dispose();

    /// <summary>Stands on the segment of the next frame; false when its file cannot be opened now.</summary>
    bool TryEnterSegment()
    {
        if (_segment is not null && _position >= _segment.Start && _position < _segment.End)
            return true;

        while (true)
        {
            var (before, at) = table.Find(_position);
            if (at is null)
                return false;

            // Behind an unclean stop there is a gap by design; behind a lost or shortened file the previous end says so.
            if (before is not null && _position < at.PreviousEnd)
                damage.Report(SpoolDamage.Missing, before.Name, _position, at.PreviousEnd, null, 0);
            _position = Math.Max(_position, at.Start);
            if (TryOpen(at))
                return true;
            if (_isBlocked)
                return false;

            if (!at.IsLeaving)
                damage.Report(SpoolDamage.Missing, at.Name, _position, at.End, null, 0);
            _position = at.End;
            if (_position >= table.End)
                return false;
        }
    }

    /// <summary>A file that is gone is passed; one that cannot be opened for another reason is waited for.</summary>
    bool TryOpen(Segment segment)
    {
        try
        {
            _scanner.Open(context.Directory.OpenRead(segment.Name), segment);
            _segment = segment;
            _isBlocked = false;
            return true;
        }
        catch (FileNotFoundException)
        {
            _isBlocked = false;
            return false;
        }
        catch (IOException e)
        {
            if (!_isBlocked)
                Log.NotOpened(context.Log, segment.Name, e.Message);
            _isBlocked = true;
            return false;
        }
    }

    void SkipDamage(long limit)
    {
        var isUnreadable = _scanner.IsUnreadable;
        var next = _scanner.FindFrame(_position + 1, limit);
        var reason = isUnreadable || _scanner.IsUnreadable ? SpoolDamage.Unreadable : SpoolDamage.Frame;
        damage.Report(reason, _segment!.Name, _position, next, _scanner.File, _segment.OffsetOf(_position));
        _position = next;
    }

    RawRecord Decode(scoped in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        var body = frame[FrameHeader.Size..];
        return new RawRecord
        {
            Position = new SpoolPosition(_position),
            Next = new SpoolPosition(_position + header.Length),
            Source = header.Source,
            Signal = header.Signal,
            Tailnet = _tailnets.Get(body[..header.TailnetLength]),
            ReceivedAt = header.ReceivedAt,
            Metadata = body.Slice(header.TailnetLength, header.MetadataLength),
            Payload = body[(header.TailnetLength + header.MetadataLength)..],
        };
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Segment {Name} cannot be opened for reading, trying again: {Error}")]
        public static partial void NotOpened(ILogger log, string name, string error);
    }
}
