using System.Security.Cryptography;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing;

/// <summary>
/// The content key of canonical bytes: their SHA-256, cut to 128 bits. A key is taken of a few hundred bytes, for which the
/// framework's call costs two to three times what hashing does: each fetches a context from the heap and clears a queue of errors.
/// Where OpenSSL's own functions for a context on the stack are there, short contents go to them.
/// </summary>
static class ContentHash
{
    /// <summary>Longer ones are hashed long enough for the framework's way to be no loss, and too long to keep a collection waiting.</summary>
    const int MaxDirect = 1024;

    static readonly bool IsDirect = Libcrypto.IsAvailable;

    public static ContentKey Of(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (IsDirect && content.Length <= MaxDirect)
            Libcrypto.Sha256(content, digest);
        else
            _ = SHA256.HashData(content, digest);
        return ContentKey.From(digest);
    }
}
