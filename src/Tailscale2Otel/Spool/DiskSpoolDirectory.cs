namespace Tailscale2Otel.Spool;

sealed class DiskSpoolDirectory : SpoolDirectory
{
    /// <summary>Creates the directory, for this user alone where the system knows modes.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    public DiskSpoolDirectory(string path)
        : this(path, mayCreate: true)
    {
    }

    DiskSpoolDirectory(string path, bool mayCreate)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (mayCreate)
            CreatePrivate(Path);
    }

    public override string Path { get; }

    public override long FreeBytes
    {
        get
        {
            try
            {
                return new DriveInfo(Path).AvailableFreeSpace;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // A file system that does not tell is taken as large; a write that fails says the truth.
                return long.MaxValue;
            }
        }
    }

    /// <summary>A directory that should be there; what is asked of it says when it is not.</summary>
    public static DiskSpoolDirectory Existing(string path) => new(path, mayCreate: false);

    public override IReadOnlyList<SpoolEntry> List(string folder, string suffix)
    {
        try
        {
            return [.. new DirectoryInfo(Full(folder)).EnumerateFiles("*" + suffix).Select(EntryOf).OfType<SpoolEntry>()];
        }
        catch (UnauthorizedAccessException e)
        {
            throw DiskFault.AsIOException(e);
        }
    }

    public override SpoolFile Create(string name) => Open(name, FileMode.Create, FileAccess.ReadWrite);

    public override SpoolFile OpenRead(string name) => Open(name, FileMode.Open, FileAccess.Read);

    public override SpoolFile OpenWrite(string name) => Open(name, FileMode.Open, FileAccess.ReadWrite);

    public override void Delete(string name)
    {
        try
        {
            File.Delete(Full(name));
        }
        catch (UnauthorizedAccessException e)
        {
            throw DiskFault.AsIOException(e);
        }
    }

    public override void CreateDirectory(string name) => CreatePrivate(Full(name));

    public override IDisposable Lock(string name)
    {
        try
        {
            // FileShare.None is flock(2) with LOCK_EX on Unix: the kernel lets go of it when the process ends.
            return new FileStream(Full(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SpoolException($"The spool directory {Path} is not writable: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new SpoolException(
                $"The spool directory {Path} is in use by another process ({e.Message}). Stop it, or give this one its own spool.directory.", e);
        }
    }

    public override void Flush() => DirectorySync.Flush(Path);

    /// <summary>Null for a file that was deleted since its name was read.</summary>
    static SpoolEntry? EntryOf(FileInfo file)
    {
        try
        {
            return new SpoolEntry(file.Name, file.Length, file.LastWriteTimeUtc);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    DiskSpoolFile Open(string name, FileMode mode, FileAccess access)
    {
        try
        {
            return new DiskSpoolFile(File.OpenHandle(Full(name), mode, access, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (UnauthorizedAccessException e)
        {
            throw DiskFault.AsIOException(e);
        }
    }

    string Full(string name) => System.IO.Path.Combine(Path, name);

    static void CreatePrivate(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (UnauthorizedAccessException e)
        {
            throw DiskFault.AsIOException(e);
        }
    }
}
