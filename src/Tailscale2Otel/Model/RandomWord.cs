using System.Buffers.Binary;
using System.Numerics;

namespace Tailscale2Otel.Model;

/// <summary>
/// Numbers that nobody outside can foresee, for hash tables whose contents others choose. Of the system and not of
/// <c>RandomNumberGenerator</c>, which loads OpenSSL: that is 6 MB for a daemon that may not need it until the first record comes.
/// </summary>
static class RandomWord
{
    public static ulong Next()
    {
        Span<byte> bytes = stackalloc byte[2 * sizeof(ulong)];
        Guid.NewGuid().TryWriteBytes(bytes);
        // Six bits of a random GUID are fixed: turned, they stand at different places of the two words.
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(ulong)..]), 32);
    }
}
