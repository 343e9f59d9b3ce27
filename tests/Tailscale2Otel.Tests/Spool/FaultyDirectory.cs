using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Tests.Spool;

/// <summary>The real directory, counting flushes and failing where a test says so.</summary>
sealed class FaultyDirectory(SpoolDirectory inner) : SpoolDirectory
{
    const int NoSpace = 28;
    const int InputOutput = 5;
    const int PermissionDenied = 13;

    readonly ManualResetEventSlim _writing = new(false);
    readonly ManualResetEventSlim _gate = new(true);

    /// <summary>Flushes of files that are segments.</summary>
    public int SegmentFlushes { get; private set; }

    /// <summary>Flushes of the cursor file.</summary>
    public int CursorFlushes { get; private set; }

    /// <summary>Flushes of the directory itself.</summary>
    public int DirectoryFlushes { get; private set; }

    /// <summary>Bytes that segments may still take before ENOSPC, short writes included.</summary>
    public long Room
    {
        get => Interlocked.Read(ref field);
        set => Interlocked.Exchange(ref field, value);
    } = long.MaxValue;

    public bool FailFlush { get; set; }

    public bool FailTruncate { get; set; }

    public bool FailCursors { get; set; }

    /// <summary>Segments are not read; other files are.</summary>
    public bool FailReads { get; set; }

    /// <summary>No file is read.</summary>
    public bool IsAway { get; set; }

    /// <summary>Parts of segment files that are not read, by file name and offsets.</summary>
    public List<(string Name, long From, long To)> BadSectors { get; } = [];

    /// <summary>Path of a file that nobody may open.</summary>
    public string Locked { get; set; } = "";

    public long? Free { get; set; }

    public override string Path => inner.Path;

    public override long FreeBytes => Free ?? inner.FreeBytes;

    /// <summary>Makes the next segment write wait; returns when it does.</summary>
    public void HoldWrites()
    {
        _writing.Reset();
        _gate.Reset();
    }

    public void WaitForWrite() => Assert.That(_writing.Wait(TimeSpan.FromSeconds(20)), "the writer never wrote");

    public void LetWrite() => _gate.Set();

    public override IReadOnlyList<SpoolEntry> List(string folder, string suffix) => inner.List(folder, suffix);

    public override SpoolFile Create(string name) => new FaultyFile(this, name, inner.Create(name));

    public override SpoolFile OpenRead(string name) => Open(name, inner.OpenRead);

    public override SpoolFile OpenWrite(string name) => Open(name, inner.OpenWrite);

    public override void Delete(string name) => inner.Delete(name);

    public override void CreateDirectory(string name) => inner.CreateDirectory(name);

    public override IDisposable Lock(string name) => inner.Lock(name);

    public override void Flush()
    {
        DirectoryFlushes++;
        inner.Flush();
    }

    FaultyFile Open(string name, Func<string, SpoolFile> open) =>
        System.IO.Path.Combine(Path, name) == Locked ? throw new IOException("permission denied", PermissionDenied) : new FaultyFile(this, name, open(name));

    sealed class FaultyFile(FaultyDirectory owner, string name, SpoolFile file) : SpoolFile
    {
        bool IsSegment => name.EndsWith(".seg", StringComparison.Ordinal);

        public override long Length => file.Length;

        public override int Read(long offset, Span<byte> destination)
        {
            if (owner.IsAway || (owner.FailReads && IsSegment))
                throw new IOException("bad sector", InputOutput);
            foreach (var (_, from, to) in owner.BadSectors.Where(b => b.Name == name))
            {
                if (offset >= from && offset < to)
                    throw new IOException("bad sector", InputOutput);
                // What lies before them is given, as by pread(2).
                if (offset < from && from < offset + destination.Length)
                    destination = destination[..(int)(from - offset)];
            }

            return file.Read(offset, destination);
        }

        public override void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (name == "cursors" && owner.FailCursors)
                throw new IOException("bad sector", InputOutput);
            if (name == "probe" && owner.Room < bytes.Length)
                throw new IOException("no space left", NoSpace);
            file.Write(offset, bytes);
        }

        public override void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts)
        {
            owner._writing.Set();
            owner._gate.Wait();
            var whole = parts.SelectMany(p => p.ToArray()).ToArray();
            var fits = (int)Math.Min(whole.Length, owner.Room);
            file.Write(offset, whole.AsSpan(0, fits));
            if (fits < whole.Length)
                throw new IOException("no space left", NoSpace);
            owner.Room -= fits;
        }

        public override void Truncate(long length)
        {
            if (owner.FailTruncate)
                throw new IOException("read-only file system", 30);
            file.Truncate(length);
        }

        public override void Flush()
        {
            if (owner.FailFlush && (IsSegment || name == "probe"))
                throw new IOException("bad sector", InputOutput);
            if (IsSegment)
                owner.SegmentFlushes++;
            else if (name == "cursors")
                owner.CursorFlushes++;
            file.Flush();
        }

        public override void Forget(long offset, long length) => file.Forget(offset, length);

        public override void Dispose() => file.Dispose();
    }
}
