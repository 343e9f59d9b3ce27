using System.Buffers.Binary;
using System.IO.Compression;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Export.Otlp;

sealed class OtlpRequestBodyTests
{
    static readonly byte[] Head = [1, 2, 3];
    static readonly byte[] Rest = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i % 7))];

    [Test]
    public void Holds_head_and_rest_in_the_form_of_the_transport([Values("http", "grpc")] string protocol, [Values("none", "gzip", "zstd")] string compression)
    {
        var target = OtlpTarget.Resolve(new OtlpOptions { Protocol = protocol, Compression = compression }, OtlpSignal.Logs)!;
        using var body = OtlpRequestBody.Create(target, Head, Rest);

        byte[] sent = [.. body.Head.Span, .. body.Rest.Span];
        Assert.That(sent, Has.Length.EqualTo(body.Length));
        if (protocol == "grpc")
        {
            Assert.That(sent[0], Is.EqualTo(compression == "none" ? 0 : 1));
            Assert.That(BinaryPrimitives.ReadInt32BigEndian(sent.AsSpan(1)), Is.EqualTo(sent.Length - 5));
            sent = sent[5..];
        }

        Assert.That(Decompress(sent, compression), Is.EqualTo(Head.Concat(Rest)));
    }

    [Test]
    public void Nothing_is_a_whole_message_too([Values("none", "gzip", "zstd")] string compression)
    {
        var target = OtlpTarget.Resolve(new OtlpOptions { Compression = compression }, OtlpSignal.Logs)!;
        using var body = OtlpRequestBody.Create(target, [], default);

        Assert.That(body.Length > 0, Is.EqualTo(compression != "none"), "the compressed form of nothing is something");
        Assert.That(Decompress([.. body.Head.Span, .. body.Rest.Span], compression), Is.Empty);
    }

    static byte[] Decompress(byte[] sent, string compression)
    {
        if (compression != "gzip")
            return compression == "zstd" ? OtlpZstd.Decompress(sent) : sent;
        using var result = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(sent), CompressionMode.Decompress);
        gzip.CopyTo(result);
        return result.ToArray();
    }
}
