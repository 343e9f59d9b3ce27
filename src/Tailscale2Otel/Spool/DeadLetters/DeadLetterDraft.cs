using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>
/// What is kept of one dead-letter file, in a file beside it that is made when there is something to keep. A draft that was not
/// put in place goes when it is disposed, or, after a kill, with <see cref="Sweep"/>.
/// </summary>
sealed class DeadLetterDraft : IDisposable
{
    const string Suffix = ".new";
    const int BufferBytes = 256 * 1024;

    readonly string _directory;
    readonly DeadLetterFile _source;
    readonly string _path;
    readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    SafeFileHandle? _file;
    int _buffered;
    long _written;
    long _copiedTo;

    DeadLetterDraft(string directory, DeadLetterFile source)
    {
        _directory = directory;
        _source = source;
        // A name of its own, and locked while it is open: two commands may be at work, and Sweep must not take what is in use.
        _path = Path.Combine(directory, $"{source.Name}.{Environment.ProcessId}-{Path.GetRandomFileName()}{Suffix}");
    }

    /// <summary>Letters that are not in it.</summary>
    public long Dropped { get; private set; }

    /// <summary>It says something else than the file.</summary>
    public bool IsChanged { get; private set; }

    /// <param name="isDropped">Asked for each dead letter. What is none stays.</param>
    /// <exception cref="IOException">A disk error; nothing has changed.</exception>
    public static DeadLetterDraft Make(string directory, DeadLetterFile source, Func<DeadLetterHead, bool> isDropped)
    {
        var draft = new DeadLetterDraft(directory, source);
        try
        {
            draft.Copy(isDropped);
            return draft;
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    /// <summary>Takes over what was appended to the file since, and survives a loss of power then.</summary>
    /// <exception cref="IOException">A disk error; nothing has changed.</exception>
    public void CatchUp()
    {
        Keep(_copiedTo, RandomAccess.GetLength(_source.Handle));
        if (_buffered > 0)
            Write();
        if (_file is not null)
            RandomAccess.FlushToDisk(_file);
    }

    /// <summary>Takes the file's place, or removes it when nothing is kept. The caller holds the lock.</summary>
    public void Replace()
    {
        var name = Path.Combine(_directory, _source.Name);
        if (_file is null)
        {
            File.Delete(name);
            return;
        }

        // Before somebody opens it by its new name: while it is open, it is for itself alone.
        _file.Dispose();
        File.Move(_path, name, overwrite: true);
        _file = null;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        if (_file is null)
            return;

        _file.Dispose();
        _file = null;
        Delete(_path);
    }

    /// <summary>Removes drafts that a kill left behind. The caller holds the lock. Does not throw.</summary>
    public static void Sweep(string directory)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(directory, DeadLetters.FileName + "*" + Suffix))
            {
                // In use when it cannot be opened alone.
                File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
                Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    void Copy(Func<DeadLetterHead, bool> isDropped)
    {
        using var scanner = new DeadLetterScanner(_source.Handle, _source.Length);
        while (scanner.TryNext())
        {
            var isDead = scanner.IsBlank;
            if (!isDead && DeadLetterHead.TryParse(scanner.Head, out var head) && isDropped(head))
            {
                isDead = true;
                Dropped++;
            }

            if (!isDead)
                continue;
            IsChanged = true;
            Keep(_copiedTo, scanner.Start);
            _copiedTo = scanner.Next;
        }

        if (IsChanged)
        {
            // Most of it reaches the disk here, where nobody waits for it.
            Keep(_copiedTo, scanner.Start);
            if (_file is not null)
                RandomAccess.FlushToDisk(_file);
        }
    }

    void Keep(long from, long to)
    {
        while (from < to)
        {
            if (_buffered == _buffer.Length)
                Write();
            var read = RandomAccess.Read(_source.Handle, _buffer.AsSpan(_buffered, (int)Math.Min(to - from, _buffer.Length - _buffered)), from);
            if (read == 0)
                throw new EndOfStreamException("The dead-letter file became shorter while it was read.");
            _buffered += read;
            from += read;
        }

        _copiedTo = to;
    }

    void Write()
    {
        if (_file is null)
        {
            _file = File.OpenHandle(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            FileOwner.GiveToDaemon(_path, _directory);
        }

        RandomAccess.Write(_file, _buffer.AsSpan(0, _buffered), _written);
        _written += _buffered;
        _buffered = 0;
    }

    static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next sweep takes it.
        }
    }
}
