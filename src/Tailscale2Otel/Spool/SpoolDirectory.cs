namespace Tailscale2Otel.Spool;

/// <summary>The seam to the file system. Names are relative to the directory; methods throw <see cref="IOException"/> alone.</summary>
abstract class SpoolDirectory
{
    public abstract string Path { get; }

    /// <summary>Bytes that this process may still take.</summary>
    public abstract long FreeBytes { get; }

    /// <param name="folder">Empty for the directory itself.</param>
    public abstract IReadOnlyList<SpoolEntry> List(string folder, string suffix);

    /// <summary>A new file, or an existing one emptied, for reading and writing.</summary>
    public abstract SpoolFile Create(string name);

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public abstract SpoolFile OpenRead(string name);

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public abstract SpoolFile OpenWrite(string name);

    public abstract void Delete(string name);

    public abstract void CreateDirectory(string name);

    /// <summary>Held until disposed or until the process ends in whatever way.</summary>
    /// <exception cref="SpoolException">Somebody else holds it.</exception>
    public abstract IDisposable Lock(string name);

    /// <summary>Created, deleted and renamed names survive a loss of power.</summary>
    public abstract void Flush();
}
