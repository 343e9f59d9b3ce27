using System.Security.Cryptography;
using System.Text;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>
/// What this daemon last set, beside the spool: the API never gives a token back, so that only a mark of ours can say whether
/// Tailscale has the one in force, without setting it again at every start. A mark holds the URL and a salted, slow digest of the
/// whole destination, never the token. One that is lost or unreadable costs one more request.
/// </summary>
sealed partial class SinkMarks(string directory, ILogger<SinkMarks> logger)
{
    /// <summary>Beside the spool.</summary>
    public const string FolderName = "streams";

    const int SaltBytes = 16;
    const int DigestBytes = 32;

    /// <summary>Tokens are drawn and not thought of, as a rule; this makes guessing the others dear, and a start no slower than one can bear.</summary>
    const int Rounds = 100_000;

    const int MaxBytes = 8192;

    /// <summary>Whether exactly this destination was set last.</summary>
    public bool Knows(string tailnet, LogType type, LogStreamSink sink) =>
        Read(tailnet, type) is [_, var salt, var digest]
        && TryDecode(salt, SaltBytes, out var saltBytes)
        && TryDecode(digest, DigestBytes, out var known)
        && CryptographicOperations.FixedTimeEquals(Digest(sink, saltBytes), known);

    /// <summary>Whether it is the destination that was set last, whatever else is to be set now.</summary>
    public bool HasSet(string tailnet, LogType type, LogStreamSink sink) =>
        sink.User == StreamTarget.User && UrlOf(tailnet, type) is { } url && StreamUrl.AreSame(url, sink.Url);

    /// <summary>The URL that was set last, or null.</summary>
    public string? UrlOf(string tailnet, LogType type) => Read(tailnet, type) is [var url, ..] ? url : null;

    public void Keep(string tailnet, LogType type, LogStreamSink sink)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var text = $"{sink.Url}\n{Convert.ToHexString(salt)}\n{Convert.ToHexString(Digest(sink, salt))}\n";
        var path = PathOf(tailnet, type);
        try
        {
            Directory.CreateDirectory(directory);
            File.WriteAllText(path + ".tmp", text);
            File.Move(path + ".tmp", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(logger, directory, e.Message);
        }
    }

    static byte[] Digest(LogStreamSink sink, byte[] salt) => Rfc2898DeriveBytes.Pbkdf2(
        Encoding.UTF8.GetBytes(string.Join('\n', sink.DestinationType, sink.Url, sink.User, sink.CompressionFormat, sink.Token?.Reveal())),
        salt, Rounds, HashAlgorithmName.SHA256, DigestBytes);

    static bool TryDecode(string text, int length, out byte[] bytes)
    {
        bytes = new byte[length];
        return text.Length == 2 * length && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    string[]? Read(string tailnet, LogType type)
    {
        try
        {
            using var file = File.OpenRead(PathOf(tailnet, type));
            var bytes = new byte[MaxBytes];
            var length = file.ReadAtLeast(bytes, MaxBytes, throwOnEndOfStream: false);
            var lines = Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\n').Split('\n');
            return lines.Length == 3 ? lines : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotRead(logger, directory, e.Message);
            return null;
        }
    }

    /// <summary>A tailnet's name may hold what a file's may not.</summary>
    string PathOf(string tailnet, LogType type) =>
        Path.Combine(directory, $"{StreamWords.Name(type)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tailnet)).AsSpan(0, 8))}");

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "What Tailscale was told about the log stream cannot be noted in {Directory}: {Error}. It will be told again at the next start")]
        public static partial void NotKept(ILogger logger, string directory, string error);

        [LoggerMessage(LogLevel.Warning, "What Tailscale was told about the log stream cannot be read in {Directory}: {Error}. It is told again")]
        public static partial void NotRead(ILogger logger, string directory, string error);
    }
}
