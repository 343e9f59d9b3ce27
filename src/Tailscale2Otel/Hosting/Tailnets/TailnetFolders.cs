using System.Security.Cryptography;
using System.Text;

namespace Tailscale2Otel.Hosting.Tailnets;

/// <summary>
/// Where each tailnet's deduplication keys are. The root was there before there could be several tailnets: it stays with the one
/// that was there first, whose name is noted in it. Every other has a folder below, named by a digest, since a tailnet's name need
/// not be a file's.
/// </summary>
sealed class TailnetFolders
{
    const string FileName = "tailnet";
    const string Temporary = "tailnet.tmp";
    const int DigestBytes = 8;
    const int MaxName = 1024;

    readonly string _root;
    readonly string _owner;

    TailnetFolders(string root, string owner) => (_root, _owner) = (root, owner);

    /// <param name="first">The tailnet that the root is for, when nobody has noted another.</param>
    /// <param name="flushDirectory">Makes a new name in a directory survive a loss of power.</param>
    /// <exception cref="IOException">The directory can be neither created nor read.</exception>
    public static TailnetFolders Open(string root, string first, Action<string> flushDirectory)
    {
        var path = Path.Combine(root, FileName);
        if (File.Exists(path))
            return new TailnetFolders(root, Read(path));

        Directory.CreateDirectory(root);
        var temporary = Path.Combine(root, Temporary);
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(first), 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(temporary, path, overwrite: true);
        flushDirectory(root);
        return new TailnetFolders(root, first);
    }

    public string Of(string tailnet) => tailnet == _owner ? _root : Path.Combine(_root, $"tailnet-{Digest(tailnet)}");

    static string Read(string path)
    {
        Span<byte> name = stackalloc byte[MaxName];
        using var file = File.OpenRead(path);
        return Encoding.UTF8.GetString(name[..file.ReadAtLeast(name, MaxName, throwOnEndOfStream: false)]);
    }

    static string Digest(string tailnet) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tailnet)).AsSpan(0, DigestBytes));
}
