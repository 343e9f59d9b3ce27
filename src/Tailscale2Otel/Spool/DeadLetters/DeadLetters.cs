using System.Diagnostics.Metrics;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>
/// The file of records that will not be delivered, one JSON object a line. Whoever passes a record writes it here first and
/// flushes before the delivered cursor moves past it. Any thread.
/// </summary>
sealed partial class DeadLetters : IDisposable
{
    public const string FileName = "dead-letters.ndjson";
    public const string OlderFileName = FileName + ".1";

    const int LargestLine = 192 * 1024 * 1024;

    readonly Lock _gate = new();
    readonly string _directory;
    readonly long _maxFileBytes;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly Counter<long> _written;
    DeadLetterLine _line = new();
    FileStream? _file;
    bool _isDirty;
    bool _isFailing;

    /// <param name="directory">The spool's, see <see cref="DiskSpool.Directory"/>.</param>
    public DeadLetters(DeadLetterOptions options, string directory, TimeProvider time, Meter meter, ILogger log)
    {
        _maxFileBytes = options.MaxBytes / 2;
        _directory = directory;
        _time = time;
        _log = log;
        _written = meter.CreateCounter<long>("tailscale2otel.dead_letters", "{record}", "Records written to the dead-letter file instead of being delivered");
    }

    /// <summary>
    /// Appends a line; it survives a kill of the process, and a loss of power after <see cref="TryFlush"/>. Does not throw.
    /// </summary>
    /// <param name="reason">One word, an attribute of the metric.</param>
    /// <param name="status">The backend's, where it was the backend that refused.</param>
    /// <returns>False when the disk did not take it: nothing of it is in the file, try again later.</returns>
    public bool TryWrite(in RawRecord record, string reason, int? status = null, string? message = null)
    {
        lock (_gate)
        {
            try
            {
                _line.Write(record, reason, status, message, _time.GetUtcNow(), (int)Math.Min(_maxFileBytes, LargestLine));
                Append(_line.Bytes);
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

    /// <summary>Makes the lines written so far survive a loss of power; costs nothing when there are none. Does not throw.</summary>
    public bool TryFlush()
    {
        lock (_gate)
        {
            if (!_isDirty)
                return true;

            try
            {
                (_file ??= Open()).Flush(flushToDisk: true);
                _isDirty = false;
                return true;
            }
            catch (Exception e) when (e is IOException || DiskFault.IsFromDisk(e))
            {
                Fail(e);
                return false;
            }
        }
    }

    public void Dispose()
    {
        _ = TryFlush();
        _file?.Dispose();
    }

    void Append(ReadOnlySpan<byte> line)
    {
        var file = _file ??= Open();
        if (file.Length > 0 && file.Length + line.Length > _maxFileBytes)
            file = Rotate(file);

        var start = file.Length;
        try
        {
            RandomAccess.Write(file.SafeFileHandle, line, start);
            _isDirty = true;
        }
        catch
        {
            RandomAccess.SetLength(file.SafeFileHandle, start);
            throw;
        }
    }

    /// <summary>A line that a kill cut short goes: its record was not passed and will be written again.</summary>
    FileStream Open()
    {
        var path = Path.Combine(_directory, FileName);
        var isNew = !File.Exists(path);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);
        if (isNew)
            DirectorySync.Flush(_directory);

        var whole = EndOfLastLine(file);
        if (whole < file.Length)
            file.SetLength(whole);
        return file;
    }

    static long EndOfLastLine(FileStream file)
    {
        Span<byte> block = stackalloc byte[4096];
        for (var end = file.Length; end > 0;)
        {
            var start = Math.Max(0, end - block.Length);
            var part = block[..(int)(end - start)];
            part = part[..RandomAccess.Read(file.SafeFileHandle, part, start)];
            var at = part.LastIndexOf((byte)'\n');
            if (at >= 0)
                return start + at + 1;
            end = start;
        }

        return 0;
    }

    FileStream Rotate(FileStream file)
    {
        file.Flush(flushToDisk: true);
        file.Dispose();
        _file = null;
        File.Move(Path.Combine(_directory, FileName), Path.Combine(_directory, OlderFileName), overwrite: true);
        DirectorySync.Flush(_directory);
        Log.Rotated(_log, OlderFileName);
        return _file = Open();
    }

    void Fail(Exception fault)
    {
        _file?.Dispose();
        _file = null;
        if (!_isFailing)
            Log.NotWritten(_log, fault.Message);
        _isFailing = true;
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A dead letter cannot be written, delivery waits until it can: {Error}")]
        public static partial void NotWritten(ILogger log, string error);

        [LoggerMessage(LogLevel.Warning, "The dead-letter file reached its limit; its older half is now {Name}, and what that held before is gone")]
        public static partial void Rotated(ILogger log, string name);
    }
}
