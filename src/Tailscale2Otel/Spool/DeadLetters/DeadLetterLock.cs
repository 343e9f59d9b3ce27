using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>
/// Who holds this alone changes the dead-letter files: the daemon for each line it appends and each rotation, a command for the
/// moment in which it puts a rewritten file in place. The kernel lets go of it when a process ends in whatever way.
/// <para>
/// The lock file is never renamed or deleted, so that all lock the same inode, and nothing depends on a handle to the data files
/// that outlives the lock: who holds it opens them by name. Its content is a generation number, which changes before a file
/// is renamed or deleted. A command may therefore read and rewrite for minutes without the lock: when it has taken it and the
/// generation is still the one it began with, the files are the ones it read, longer at most by lines appended since.
/// </para>
/// </summary>
sealed class DeadLetterLock : IDisposable
{
    public const string FileName = "dead-letters.lock";

    /// <summary>EWOULDBLOCK on Linux and on the BSDs, ERROR_SHARING_VIOLATION on Windows: what .NET says of flock(2)'s refusal.</summary>
    static readonly int[] BusyCodes = [11, 35, unchecked((int)0x80070020)];

    readonly SafeFileHandle _file;

    DeadLetterLock(SafeFileHandle file)
    {
        _file = file;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        bytes.Clear();
        _ = RandomAccess.Read(file, bytes, 0);
        Generation = BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public long Generation { get; private set; }

    /// <summary>Null when another process holds it.</summary>
    /// <exception cref="IOException">The lock file cannot be made or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static DeadLetterLock? TryTake(string directory)
    {
        var path = Path.Combine(directory, FileName);
        SafeFileHandle file;
        try
        {
            // FileShare.None is flock(2) with LOCK_EX on Unix, without waiting.
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (Array.IndexOf(BusyCodes, e.HResult) >= 0)
        {
            return null;
        }

        try
        {
            return new DeadLetterLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Waits a moment for the other one, which usually needs no more than that.</summary>
    /// <inheritdoc cref="TryTake(string)"/>
    public static DeadLetterLock? TryTake(string directory, TimeSpan patience)
    {
        return TryTake(directory) ?? Wait(directory, patience);

        static DeadLetterLock? Wait(string directory, TimeSpan patience)
        {
            DeadLetterLock? held = null;
            SpinWait.SpinUntil(() => (held = TryTake(directory)) is not null, patience);
            return held;
        }
    }

    /// <summary>
    /// To be called before a file is renamed or deleted. It need not survive a loss of power: neither does anybody who remembers
    /// the number.
    /// </summary>
    /// <exception cref="IOException">The disk does not take eight bytes.</exception>
    public void BeginGeneration()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Generation + 1);
        RandomAccess.Write(_file, bytes, 0);
        Generation++;
    }

    public void Dispose() => _file.Dispose();
}
