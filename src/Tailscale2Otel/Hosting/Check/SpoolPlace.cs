using Tailscale2Otel.Cli;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>Where the daemon would have its spool, and whether it could.</summary>
/// <param name="environment">Reads one environment variable.</param>
sealed class SpoolPlace(SpoolOptions options, Func<string, string?> environment)
{
    /// <summary>Where the spool is, or would be: the fallback where the default cannot be used.</summary>
    string Place => SpoolLocation.Find(options.Directory, environment);

    public CheckFinding Directory()
    {
        if (HolderOf(Place) is > 0 and var process)
            return CheckFinding.Ok($"{Place} is in use by a running daemon (process {process})");
        if (Problem(Place) is not { } problem)
            return CheckFinding.Ok(System.IO.Directory.Exists(Place) ? $"{Place} can be written" : $"{Place} is not there yet and can be made");
        if (Fallback() is { } fallback)
            return CheckFinding.Ok($"{fallback}, since {Place} cannot be written", "set spool.directory to choose");

        return CheckFinding.Failed($"{Place} cannot be written: {problem}", "give the daemon's user the right to write there, or set spool.directory; run the check as that user");
    }

    public CheckFinding Space()
    {
        var path = HolderOf(Place) is > 0 || Problem(Place) is null ? Place : Fallback() ?? Place;
        var free = DiskSpoolDirectory.Existing(Existing(path)).FreeBytes;
        if (free == long.MaxValue)
            return CheckFinding.Ok("the file system does not tell");
        if (free <= options.MinFreeBytes)
        {
            return CheckFinding.Failed(
                $"{SizeText.Rounded(free)}, and spool.min_free_bytes leaves {SizeText.Rounded(options.MinFreeBytes)} alone: senders would be refused",
                "make room on that disk, or move spool.directory");
        }

        return CheckFinding.Ok(
            $"{SizeText.Rounded(free)}, of which {SizeText.Rounded(options.MinFreeBytes)} are left alone",
            free - options.MinFreeBytes < options.MaxBytes ? $"a long outage can fill the disk before the spool is full: spool.max_bytes is {SizeText.Rounded(options.MaxBytes)}" : "");
    }

    string? Fallback() =>
        options.Directory == SpoolOptions.DefaultDirectory && !SpoolLocation.HoldsSpool(Place) && SpoolLocation.Fallback(environment) is { } fallback && Problem(fallback) is null
            ? fallback
            : null;

    static int? HolderOf(string path) => FileLock.HolderOf(Path.Combine(path, DiskSpool.LockName));

    /// <summary>
    /// Why nothing can be written there; null when it can. A directory that is not there is not made, since it would belong to who
    /// runs the check: the one that it would be made in is tried.
    /// </summary>
    static string? Problem(string path)
    {
        try
        {
            var probe = Path.Combine(Existing(path), $".{Path.GetRandomFileName()}");
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            file.WriteByte(0);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is UnauthorizedAccessException ? "not permitted" : DiskFault.IsFull(e) ? "the disk is full" : e.HResult == DiskFault.ReadOnlyFileSystem ? "the file system is read-only" : e is DirectoryNotFoundException ? "there is a file in the way" : "the disk does not take it";
        }
    }

    static string Existing(string path)
    {
        var at = Path.GetFullPath(path);
        while (!Path.Exists(at) && Path.GetDirectoryName(at) is { } parent)
            at = parent;
        return at;
    }
}
