using System.Diagnostics;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>A file system of its own in memory, which can be filled to the last byte and emptied again.</summary>
sealed class SmallDisk : IDisposable
{
    const int Block = 4096;

    readonly string _path;

    SmallDisk(string path) => _path = path;

    string Ballast => Path.Combine(_path, "ballast");

    /// <summary>Null where mounting is not permitted.</summary>
    public static async Task<SmallDisk?> TryMountAsync(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "none", path]) { RedirectStandardError = true })!;
        await mount.WaitForExitAsync();
        return mount.ExitCode == 0 ? new SmallDisk(path) : null;
    }

    /// <summary>Takes what is free, until the disk refuses.</summary>
    public void Fill()
    {
        using var file = File.OpenHandle(Ballast, FileMode.OpenOrCreate, FileAccess.Write);
        var block = new byte[Block];
        try
        {
            for (var end = RandomAccess.GetLength(file); ; end += Block)
                RandomAccess.Write(file, block, end);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Empty() => File.Delete(Ballast);

    public void Dispose()
    {
        using var unmount = Process.Start("umount", ["-l", _path]);
        unmount.WaitForExit();
    }
}
