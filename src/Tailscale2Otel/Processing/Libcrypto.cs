using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tailscale2Otel.Processing;

/// <summary>
/// The three functions of OpenSSL that hash without a heap (openssl/sha.h, in every version from 0.9 to 3; deprecated for want of
/// providers, which a content key has no use for). The library is the one that the framework hashes with on Linux.
/// </summary>
static unsafe partial class Libcrypto
{
    const string Name = "libcrypto.so.3";

    /// <summary>SHA256_CTX has 112 bytes.</summary>
    const int ContextSize = 256;

    /// <summary>Not there, or not what it says it is: then nobody calls it.</summary>
    public static bool IsAvailable { get; } = OperatingSystem.IsLinux() && Works();

    /// <param name="content">Short: a garbage collection waits for the call to end.</param>
    /// <param name="digest">32 bytes.</param>
    public static void Sha256(ReadOnlySpan<byte> content, Span<byte> digest)
    {
        var context = stackalloc byte[ContextSize];
        fixed (byte* from = content, to = digest)
        {
            _ = Begin(context);
            _ = Update(context, from, (nuint)content.Length);
            _ = End(to, context);
        }
    }

    static bool Works()
    {
        try
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            Sha256("abc"u8, digest);
            return digest.SequenceEqual(SHA256.HashData("abc"u8));
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport(Name, EntryPoint = "SHA256_Init")]
    [SuppressGCTransition]
    private static partial int Begin(byte* context);

    [LibraryImport(Name, EntryPoint = "SHA256_Update")]
    [SuppressGCTransition]
    private static partial int Update(byte* context, byte* content, nuint length);

    [LibraryImport(Name, EntryPoint = "SHA256_Final")]
    [SuppressGCTransition]
    private static partial int End(byte* digest, byte* context);
}
