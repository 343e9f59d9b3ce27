using Microsoft.Win32.SafeHandles;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>
/// Both dead-letter files as they were at one moment, older first. It stays readable whatever the daemon and other commands do
/// meanwhile: renamed and deleted files live on behind their handles, and appended lines are behind the lengths.
/// </summary>
sealed class DeadLetterSnapshot : IDisposable
{
    /// <summary>For the other one to finish putting a file in place, which takes milliseconds.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly List<DeadLetterFile> _files = [];

    DeadLetterSnapshot(string directory, long? generation)
    {
        Directory = directory;
        Generation = generation;
        try
        {
            TryAdd(DeadLetters.OlderFileName);
            TryAdd(DeadLetters.FileName);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Directory { get; }

    /// <summary>Of <see cref="DeadLetterLock"/>; null when it could not be asked, and nothing may be rewritten.</summary>
    public long? Generation { get; }

    public IReadOnlyList<DeadLetterFile> Files => _files;

    /// <summary>
    /// To look at. Where the lock cannot be taken, as in a copy that is write-protected or somebody else's, it does without: a
    /// rotation at that very moment could then show lines twice or not at all.
    /// </summary>
    /// <exception cref="IOException">A file cannot be opened, or another command does not let go.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be opened.</exception>
    public static DeadLetterSnapshot Open(string directory)
    {
        try
        {
            if (File.Exists(Path.Combine(directory, DeadLetterLock.FileName)))
                return OpenLocked(directory);
        }
        catch (UnauthorizedAccessException)
        {
        }
        catch (IOException e) when (e.HResult == DiskFault.ReadOnlyFileSystem)
        {
        }

        return new DeadLetterSnapshot(directory, null);
    }

    /// <summary>To rewrite.</summary>
    /// <inheritdoc cref="Open(string)"/>
    public static DeadLetterSnapshot OpenLocked(string directory)
    {
        using var held = TakeLock(directory);
        return Open(directory, held);
    }

    /// <inheritdoc cref="Open(string)"/>
    public static DeadLetterSnapshot Open(string directory, DeadLetterLock held) => new(directory, held.Generation);

    /// <summary>For a command: the lock file stays the daemon's, whoever made it.</summary>
    /// <exception cref="IOException">It cannot be made, opened or given to the daemon's user, or another command does not let go.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made or opened.</exception>
    public static DeadLetterLock TakeLock(string directory)
    {
        var held = DeadLetterLock.TryTake(directory, Patience)
            ?? throw new IOException($"another process holds {DeadLetterLock.FileName} for longer than {Patience.TotalSeconds:0} seconds");
        try
        {
            FileOwner.GiveToDaemon(Path.Combine(directory, DeadLetterLock.FileName), directory);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var file in _files)
            file.Handle.Dispose();
    }

    void TryAdd(string name)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(Path.Combine(Directory, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return;
        }

        _files.Add(new DeadLetterFile(name, handle, RandomAccess.GetLength(handle)));
    }
}
