using System.Diagnostics.Metrics;
using Microsoft.Win32.SafeHandles;
using Tailscale2Otel.Model;
using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>
/// The file of records that will not be delivered, one JSON object a line. Whoever passes a record writes it here first and
/// flushes before the delivered cursor moves past it. Any thread.
/// </summary>
sealed partial class DeadLetters : IDisposable
{
    public const string FileName = "dead-letters.ndjson";
    public const string OlderFileName = FileName + ".1";

    /// <summary>With the record in it.</summary>
    public const int LargestLine = 192 * 1024 * 1024;

    /// <summary>A command needs a few milliseconds to put a file in place; the caller comes again when it needs longer.</summary>
    static readonly TimeSpan LockPatience = TimeSpan.FromMilliseconds(20);

    /// <summary>Room that somebody made is not taken away at once.</summary>
    static readonly TimeSpan ReserveAgainAfter = TimeSpan.FromMinutes(1);

    readonly Lock _gate = new();
    readonly string _directory;
    readonly string _path;
    readonly long _maxFileBytes;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly Counter<long> _written;
    readonly ReservedSpace _reserve;
    readonly LetterRedactor? _redactor;
    HashSet<(SpoolPosition Position, long ReceivedAt, string Reason)>? _earlier;
    long? _reserveGivenAt;
    DeadLetterLine _line = new();
    bool _isFailing;

    /// <param name="directory">The spool's, see <see cref="DiskSpool.Directory"/>.</param>
    /// <param name="redactor">What is not to leave is not written either; null when all may.</param>
    public DeadLetters(DeadLetterOptions options, string directory, TimeProvider time, Meter meter, ILogger log, Redactor? redactor = null)
    {
        _maxFileBytes = options.MaxBytes / 2;
        _directory = directory;
        _path = Path.Combine(directory, FileName);
        _time = time;
        _log = log;
        _redactor = redactor?.OrNull() is { } active ? new LetterRedactor(active) : null;
        _written = meter.CreateCounter<long>("tailscale2otel.dead_letters", "{record}", "Records written to the dead-letter file instead of being delivered");
        DeadLetterRewrite.Prepare(directory);
        _reserve = new ReservedSpace(directory);
        if (!_reserve.TryTake())
            _reserveGivenAt = time.GetTimestamp();
    }

    /// <summary>
    /// The stretch of the spool that earlier processes ground and did not pass, from the delivered cursor to the end at the start. What they wrote
    /// of it is not written again.
    /// </summary>
    public (SpoolPosition From, SpoolPosition End) NotPassed { private get; init; }

    /// <summary>
    /// Appends a line, unless an earlier process did; it survives a kill of the process, and a loss of power after <see cref="TryFlush"/>. Does not throw.
    /// </summary>
    /// <param name="reason">One word, an attribute of the metric.</param>
    /// <param name="status">The backend's, where it was the backend that refused.</param>
    /// <returns>
    /// False when the disk did not take it, or a command is putting a rewritten file in place: nothing of it is in the file, try
    /// again later.
    /// </returns>
    public bool TryWrite(in RawRecord record, string reason, int? status = null, string? message = null)
    {
        lock (_gate)
        {
            try
            {
                var written = _redactor is null ? record : _redactor.Redact(record);
                _line.Write(written, reason, status, _redactor is null ? message : _redactor.Redact(message), _time.GetUtcNow(), (int)Math.Min(_maxFileBytes, LargestLine));
                using var held = DeadLetterLock.TryTake(_directory, LockPatience);
                if (held is null)
                    return false;
                if (!IsWritten(held, record, reason))
                    AppendWithReserve(held, _line.Bytes);
            }
            catch (Exception e) when (e is IOException || DiskFault.IsFromDisk(e))
            {
                Fail(e);
                return false;
            }

            if (_line.IsLarge)
                _line = new DeadLetterLine();
            _isFailing = false;
            _written.Add(1, new KeyValuePair<string, object?>("reason", reason), new KeyValuePair<string, object?>("signal", DeadLetterLine.NameOf(record.Signal)));
            return true;
        }
    }

    public void Dispose() => TryFlush();

    /// <summary>An earlier process may have ended because a flush failed: what it wrote is written again where it stands, and flushed before the cursor moves.</summary>
    bool IsWritten(DeadLetterLock held, in RawRecord record, string reason)
    {
        if (record.Position < NotPassed.From || record.Position >= NotPassed.End)
            return false;

        if (_earlier is null)
        {
            var earlier = EarlierLetters.Find(_directory, held, NotPassed.From, NotPassed.End, out var offset);
            if (offset is { } from)
            {
                using var file = Open();
                WriteAgain(file, from);
                _unflushedFrom ??= RandomAccess.GetLength(file);
            }

            _earlier = earlier;
        }

        return _earlier.Contains((record.Position, record.ReceivedAt, reason));
    }

    void AppendWithReserve(DeadLetterLock held, ReadOnlySpan<byte> line)
    {
        try
        {
            Append(held, line);
        }
        catch (Exception e) when (DiskFault.IsFull(e) && _reserve.TryGive())
        {
            _reserveGivenAt = _time.GetTimestamp();
            Log.ReserveGiven(_log);
            Append(held, line);
        }
    }

    void ReserveAgain()
    {
        if (_reserveGivenAt is { } given && _time.GetElapsedTime(given) >= ReserveAgainAfter)
            _reserveGivenAt = _reserve.TryTake() ? null : _time.GetTimestamp();
    }

    void Append(DeadLetterLock held, ReadOnlySpan<byte> line)
    {
        using var file = Open();
        var start = RandomAccess.GetLength(file);
        if (start == 0 || start + line.Length <= _maxFileBytes)
        {
            Write(file, line, start);
            return;
        }

        Rotate(held, file);
        using var fresh = Open();
        Write(fresh, line, 0);
    }

    void Write(SafeFileHandle file, ReadOnlySpan<byte> line, long start)
    {
        try
        {
            RandomAccess.Write(file, line, start);
            // A command may have made the file shorter.
            _unflushedFrom = Math.Min(_unflushedFrom ?? start, start);
        }
        catch
        {
            RandomAccess.SetLength(file, start);
            throw;
        }
    }

    /// <summary>
    /// Opened by name for each line, so that nothing is ever written into a file that a command has replaced or an operator has
    /// removed. A line that a kill cut short goes: its record was not passed and will be written again.
    /// </summary>
    SafeFileHandle Open()
    {
        var file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            var length = RandomAccess.GetLength(file);
            if (length == 0)
                DirectorySync.Flush(_directory);
            var whole = EndOfLastLine(file, length);
            if (whole < length)
                RandomAccess.SetLength(file, whole);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static long EndOfLastLine(SafeFileHandle file, long length)
    {
        Span<byte> block = stackalloc byte[4096];
        for (var end = length; end > 0;)
        {
            // Nearly always the last byte is it.
            var start = end == length ? end - 1 : Math.Max(0, end - block.Length);
            var part = block[..(int)(end - start)];
            part = part[..RandomAccess.Read(file, part, start)];
            var at = part.LastIndexOf((byte)'\n');
            if (at >= 0)
                return start + at + 1;
            end = start;
        }

        return 0;
    }

    /// <summary>With the older file gone and the current one under its name, nothing that a command read before may be put in place.</summary>
    void Rotate(DeadLetterLock held, SafeFileHandle file)
    {
        Flush(file);
        held.BeginGeneration();
        File.Move(_path, Path.Combine(_directory, OlderFileName), overwrite: true);
        DirectorySync.Flush(_directory);
        Log.Rotated(_log, OlderFileName);
    }

    void Fail(Exception fault)
    {
        if (!_isFailing)
            Log.NotWritten(_log, fault.Message);
        _isFailing = true;
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A dead letter cannot be written, delivery waits until it can: {Error}")]
        public static partial void NotWritten(ILogger log, string error);

        [LoggerMessage(LogLevel.Warning, "The disk is full: dead letters take the room that was reserved for them")]
        public static partial void ReserveGiven(ILogger log);

        [LoggerMessage(LogLevel.Warning, "The dead-letter file reached its limit; its older half is now {Name}, and what that held before is gone")]
        public static partial void Rotated(ILogger log, string name);
    }
}
