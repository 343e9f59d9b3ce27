using System.Security.Cryptography;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Tests.Processing;

public sealed class ContentHashTests
{
    // Around the length of a block, and around that from which the framework hashes.
    [Test]
    public void Is_the_first_half_of_SHA_256_whatever_the_length()
    {
        var content = new byte[2048];
        new Random(9).NextBytes(content);
        for (var length = 0; length <= content.Length; length++)
            Assert.That(ContentHash.Of(content.AsSpan(0, length)), Is.EqualTo(ContentKey.From(SHA256.HashData(content.AsSpan(0, length)))), $"of {length} bytes");
    }

    [Test]
    public void Takes_the_direct_way_where_OpenSSL_3_is() =>
        Assert.That(Libcrypto.IsAvailable, Is.EqualTo(OperatingSystem.IsLinux() && System.Runtime.InteropServices.NativeLibrary.TryLoad("libcrypto.so.3", out _)));
}
