using System.Globalization;
using System.Security.Cryptography;

namespace Tailscale2Otel.Tests.Support;

/// <summary>
/// Everything about a folder that changes when somebody writes into it: names, times, lengths and contents. Empty files are not
/// opened, since .NET takes a lock to do it and one of them may be the daemon's.
/// </summary>
static class FolderPrint
{
    public static string[] Of(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Append(new DirectoryInfo(folder))
            .Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.FullName} {e.LastWriteTimeUtc:O} {e.UnixFileMode} {(e is FileInfo { Length: > 0 } file ? $"{file.Length} {Hash(file)}" : "")}"))
            .Order(StringComparer.Ordinal),
    ];

    static string Hash(FileInfo file)
    {
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexString(SHA256.HashData(stream));
    }
}
