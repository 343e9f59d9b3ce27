using System.Diagnostics;

namespace Tailscale2Otel.Tests.Support;

/// <summary>A tmpfs of a few bytes over a folder, for tests that fill a disk. Needs the right to mount.</summary>
sealed class SmallDisk : IAsyncDisposable
{
    readonly string _folder;

    SmallDisk(string folder) => _folder = folder;

    /// <summary>Leaves the test out where mounting is not permitted.</summary>
    public static async Task<SmallDisk> MountAsync(string folder, string size)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", $"size={size}", "none", folder]) { RedirectStandardError = true });
        if (mount is not null)
            await mount.WaitForExitAsync();
        if (mount is not { ExitCode: 0 })
            Assert.Ignore("needs the right to mount a tmpfs");
        return new SmallDisk(folder);
    }

    /// <summary>Fills what is left with a file of that name.</summary>
    public void Fill(string name)
    {
        using var file = File.OpenHandle(Path.Combine(_folder, name), FileMode.Create, FileAccess.Write);
        foreach (var size in new[] { 65_536, 4096, 1 })
        {
            try
            {
                while (true)
                    RandomAccess.Write(file, new byte[size], RandomAccess.GetLength(file));
            }
            catch (IOException)
            {
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var unmount = Process.Start("umount", ["-l", _folder]);
        await unmount.WaitForExitAsync();
    }
}
