namespace Tailscale2Otel.Spool.Inspection;

/// <summary>A directory that belongs to somebody else: nothing in it can be changed through this.</summary>
sealed class ReadOnlyDirectory(SpoolDirectory inner) : SpoolDirectory
{
    public override string Path => inner.Path;

    public override long FreeBytes => inner.FreeBytes;

    /// <summary>A folder that nobody made is an empty one.</summary>
    public override IReadOnlyList<SpoolEntry> List(string folder, string suffix)
    {
        try
        {
            return inner.List(folder, suffix);
        }
        catch (DirectoryNotFoundException) when (folder.Length > 0)
        {
            return [];
        }
    }

    public override SpoolFile OpenRead(string name) => inner.OpenRead(name);

    public override SpoolFile Create(string name) => throw Refusal();

    public override SpoolFile OpenWrite(string name) => throw Refusal();

    public override void Delete(string name) => throw Refusal();

    public override void CreateDirectory(string name) => throw Refusal();

    public override IDisposable Lock(string name) => throw Refusal();

    public override void Flush() => throw Refusal();

    static InvalidOperationException Refusal() => new("The spool directory is only looked at.");
}
