using System.IO.Compression;
using System.Text;
using Tailscale2Otel.Compression;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>A way by which records reach the daemon.</summary>
/// <param name="BringAsync">Ends when the records with these sequence numbers are acknowledged, however often the daemon ends meanwhile.</param>
sealed record RecordPath(string Name, Func<IReadOnlyList<int>, CancellationToken, Task> BringAsync)
{
    /// <summary>As Tailscale streams them.</summary>
    public static RecordPath Stream(HecSender sender) => new(
        "stream", (batch, stop) => sender.PostAsync(Encoding.UTF8.GetBytes(string.Concat(batch.Select(FlowLoad.Envelope))), null, stop));

    /// <summary>Records without an envelope, in an array, compressed.</summary>
    public static RecordPath Array(HecSender sender) => new(
        "array", (batch, stop) => sender.PostAsync(Gzip($"[{string.Join(", ", batch.Select(FlowLoad.Plain))}]"), "gzip", stop));

    /// <summary>As Tailscale's API answers, one answer a line.</summary>
    public static RecordPath Lines(HecSender sender) => new(
        "lines", (batch, stop) => sender.PostAsync(Zstd(string.Concat(batch.Select(s => $$"""{"logs":[{{FlowLoad.Plain(s)}}]}""" + "\r\n"))), "zstd", stop));

    static byte[] Gzip(string text) => Compress(text, small => new GZipStream(small, CompressionLevel.Fastest));

    static byte[] Zstd(string text) => Compress(text, small => new ZstdStream(small, CompressionMode.Compress));

    static byte[] Compress(string text, Func<Stream, Stream> compressing)
    {
        using var small = new MemoryStream();
        using (var stream = compressing(small))
            stream.Write(Encoding.UTF8.GetBytes(text));
        return small.ToArray();
    }
}
