using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

sealed partial class DiskSpoolReader(SegmentTable table, SpoolContext context, SpoolDamage damage, SpoolPosition from) : SpoolReader
{
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long bytes that the disk does not give are waited for before they are taken for damaged. A path that fails over, a
    /// bus that is reset and a network disk that times out take less.
    /// </summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly FrameScanner _scanner = new();
    readonly TailnetNames _tailnets = new();
    long _position = from.Value;
    Segment? _segment;

    /// <summary>Where a place was given up: bad sectors come in numbers, and the others of this segment are not waited for one by one.</summary>
    Segment? _worn;
    long _unreadableAt = -1;
    long _unreadableSince;
    bool _isBlocked;

    public override SpoolPosition Position => new(_position);

    public override bool IsBlocked => _isBlocked;

    /// <summary>For who only looks: places that the disk does not give are damage at once.</summary>
    public bool PassesUnreadable { get; init; }

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
                _isBlocked = false;
                context.Metrics.RecordRead();
                return true;
            }

            if (!TrySkip(limit))
                return false;
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

    /// <summary>
    /// Moves behind what is no frame; false while it may be one that the disk does not give. A disk that gives nothing at all is
    /// waited for without end.
    /// </summary>
    bool TrySkip(long limit)
    {
        if (_scanner.Failure is not { } failure)
            return Skip(SpoolDamage.Frame, _scanner.FindFrame(_position + 1, limit, stopsAtUnreadable: true));
        if (PassesUnreadable)
            return Skip(SpoolDamage.Unreadable, _scanner.FindFrame(_position + 1, limit));
        if (IsWaitedFor() || !DiskGives())
            return Block(failure);

        // A disk that comes back or goes away meanwhile must not make all look damaged that it has.
        if (_scanner.TryFrame(_position, limit, out _, out _) || !_scanner.IsUnreadable)
            return true;
        var next = _scanner.FindFrame(_position + 1, limit);
        if (!DiskGives())
            return Block(failure);

        _worn = _segment;
        return Skip(SpoolDamage.Unreadable, next);
    }

    bool Skip(string reason, long next)
    {
        damage.Report(reason, _segment!.Name, _position, next, _scanner.File, _segment.OffsetOf(_position));
        _position = next;
        _isBlocked = false;
        return true;
    }

    bool Block(IOException failure)
    {
        if (!_isBlocked)
            Log.NotRead(context.Log, _segment!.Name, _position, failure.Message);
        // Opened anew each time: a handle that has gone stale (ESTALE, a disk that was plugged in again) gives nothing any more.
        _scanner.Close();
        _segment = null;
        _isBlocked = true;
        return false;
    }

    bool IsWaitedFor()
    {
        if (_segment == _worn)
            return false;

        if (_unreadableAt != _position)
            (_unreadableAt, _unreadableSince) = (_position, context.Time.GetTimestamp());
        return context.Time.GetElapsedTime(_unreadableSince) < Patience;
    }

    /// <summary>Whether the disk gives other bytes than the segment's now, and not what the system remembers of them.</summary>
    bool DiskGives()
    {
        try
        {
            using var file = context.Directory.OpenRead(CursorFile.Name);
            file.Forget(0, FrameScanner.Block);
            Span<byte> bytes = stackalloc byte[CursorState.Size];
            return file.Read(0, bytes) > 0;
        }
        catch (IOException)
        {
            return false;
        }
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

        [LoggerMessage(LogLevel.Error, "Segment {Name} cannot be read at position {Position}, trying again: {Error}")]
        public static partial void NotRead(ILogger log, string name, long position, string error);
    }
}
