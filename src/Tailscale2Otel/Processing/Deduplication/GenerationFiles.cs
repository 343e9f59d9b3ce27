using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>
/// Generations on disk. A file is 16 bytes of header (magic, CRC-32C of all that follows, version, count) and the keys as they
/// are in memory. It appears under its name only when it is whole and flushed.
/// </summary>
/// <param name="flushDirectory">Makes new names in a directory survive a loss of power.</param>
sealed partial class GenerationFiles(string directory, Action<string> flushDirectory, ILogger log)
{
    const int HeaderSize = 16;
    const int Version = 1;
    const string Temporary = "sealing.tmp";
    const string Damaged = ".damaged";

    /// <summary>Of a window that is larger than any tailnet's, the room is not taken before it is needed.</summary>
    const long LargestOccupied = 4 * 1024 * 1024;

    readonly List<(long Last, string Name)> _damaged = [];
    bool _isOccupied;

    static ReadOnlySpan<byte> Magic => "T2OK"u8;

    /// <summary>Position ranges of the files there are, in the order their keys were claimed.</summary>
    /// <exception cref="IOException">The directory can be neither created nor read.</exception>
    public List<(long First, long Last, string Name)> List()
    {
        Directory.CreateDirectory(directory);
        File.Delete(PathOf(Temporary));
        List<(long First, long Last, string Name)> found = [];
        foreach (var path in Directory.EnumerateFiles(directory, "*" + Generation.Suffix))
        {
            var name = Path.GetFileName(path);
            if (Generation.TryParseName(name, out var first, out var last))
                found.Add((first, last, name));
            else
                Log.Foreign(log, name);
        }

        found.Sort((a, b) => a.Last != b.Last ? a.Last.CompareTo(b.Last) : a.First.CompareTo(b.First));
        return found;
    }

    /// <summary>The keys of a sound file; null for one that is damaged or cannot be read. Does not throw.</summary>
    /// <param name="last">Position of the last key, from the name.</param>
    public OwnedKey[]? Load(string name, long last)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(name), options: FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(file);
            Span<byte> header = stackalloc byte[HeaderSize];
            if (RandomAccess.Read(file, header, 0) == HeaderSize && header.StartsWith(Magic)
                && BinaryPrimitives.ReadInt32LittleEndian(header[8..]) == Version
                && BinaryPrimitives.ReadInt32LittleEndian(header[12..]) is var count and >= 0
                && length == HeaderSize + ((long)count * OwnedKey.Size))
            {
                var keys = new OwnedKey[count];
                var bytes = MemoryMarshal.AsBytes(keys.AsSpan());
                if (ReadFully(file, bytes) && Crc(header[8..], bytes) == BinaryPrimitives.ReadUInt32LittleEndian(header[4..]))
                    return keys;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Unreadable(log, name, e.Message);
            return null;
        }

        Log.IsDamaged(log, name);
        _damaged.Add((last, name));
        return null;
    }

    /// <summary>
    /// Takes the room that the next file will need, where it is not taken yet: on a disk that is full keys could not be sealed, the spool could not
    /// give up the records that they are learnt from, and the disk would stay full. Does not throw.
    /// </summary>
    /// <param name="keys">That a file has.</param>
    public void Occupy(int keys)
    {
        var size = HeaderSize + ((long)keys * OwnedKey.Size);
        if (_isOccupied || size > LargestOccupied)
            return;

        try
        {
            File.OpenHandle(PathOf(Temporary), FileMode.Create, FileAccess.Write, preallocationSize: size).Dispose();
            _isOccupied = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // There is no room yet. It is tried again.
        }
    }

    /// <exception cref="IOException">The disk did not take it; nothing is under the name.</exception>
    public void Save(string name, ReadOnlySpan<OwnedKey> keys)
    {
        var bytes = MemoryMarshal.AsBytes(keys);
        Span<byte> header = stackalloc byte[HeaderSize];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], keys.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc(header[8..], bytes));
        using (var file = File.OpenHandle(PathOf(Temporary), FileMode.OpenOrCreate, FileAccess.Write))
        {
            RandomAccess.Write(file, header, 0);
            RandomAccess.Write(file, bytes, HeaderSize);
            RandomAccess.SetLength(file, HeaderSize + bytes.Length);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(PathOf(Temporary), PathOf(name), overwrite: true);
        _isOccupied = false;
        flushDirectory(directory);
    }

    /// <summary>
    /// Damaged files stay under their names until their keys are sealed anew: a restart before that has to learn them again, too.
    /// Does not throw.
    /// </summary>
    /// <param name="upTo">Everything up to this position is sealed.</param>
    /// <param name="except">A file that took the place of a damaged one.</param>
    public void PutAsideDamaged(long upTo, string except)
    {
        for (var i = _damaged.Count - 1; i >= 0; i--)
        {
            var (last, name) = _damaged[i];
            if (last > upTo)
                continue;
            if (name != except)
                PutAside(name);
            _damaged.RemoveAt(i);
        }
    }

    /// <summary>Does not throw: a file that stays is read again at the next start and does no harm.</summary>
    public void Delete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotDeleted(log, name, e.Message);
        }
    }

    static bool ReadFully(Microsoft.Win32.SafeHandles.SafeFileHandle file, Span<byte> bytes)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, bytes[done..], HeaderSize + done);
            if (read == 0)
                return false;
            done += read;
        }

        return true;
    }

    static uint Crc(ReadOnlySpan<byte> header, ReadOnlySpan<byte> keys)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, uint>(header))
            crc = BitOperations.Crc32C(crc, word);
        foreach (var word in MemoryMarshal.Cast<byte, uint>(keys))
            crc = BitOperations.Crc32C(crc, word);
        return ~crc;
    }

    void PutAside(string name)
    {
        try
        {
            File.Move(PathOf(name), PathOf(name) + Damaged, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotDeleted(log, name, e.Message);
        }
    }

    string PathOf(string name) => Path.Combine(directory, name);

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The deduplication keys in {Name} are damaged; they are learnt again from the spool as far as it still has their records")]
        public static partial void IsDamaged(ILogger log, string name);

        [LoggerMessage(LogLevel.Error, "The deduplication keys in {Name} cannot be read and are skipped: {Error}")]
        public static partial void Unreadable(ILogger log, string name, string error);

        [LoggerMessage(LogLevel.Warning, "The file {Name} of old deduplication keys cannot be removed: {Error}")]
        public static partial void NotDeleted(ILogger log, string name, string error);

        [LoggerMessage(LogLevel.Warning, "{Name} in the deduplication directory is not a file of keys and is left alone")]
        public static partial void Foreign(ILogger log, string name);
    }
}
