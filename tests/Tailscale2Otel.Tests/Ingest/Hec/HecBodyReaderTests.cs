using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

public sealed class HecBodyReaderTests
{
    static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3000).Select(i => $"{{\"event\":{i * 7919}}}")));

    static readonly (string Name, Func<byte[], byte[]> Pack)[] Encodings =
    [
        ("gzip", b => HecRequest.Gzip(b)),
        ("deflate", b => HecRequest.Deflate(b)),
        ("zstd", b => HecRequest.Zstd(b)),
    ];

    [Test]
    public void Every_encoding_gives_the_text_back([Range(0, 2)] int encoding)
    {
        var (outcome, text) = Read(encoding, Encodings[encoding].Pack(Text));
        Assert.That(outcome, Is.EqualTo(BodyOutcome.Read));
        Assert.That(text, Is.EqualTo(Text));
    }

    [Test]
    public void Anything_behind_the_end_is_corrupt([Range(0, 2)] int encoding, [Values(1, 2, 7, 8, 9, 18, 8192, 70_000)] int length, [Values(0, 0x1F, 0x8B, 'x')] int filler) =>
        Assert.That(Read(encoding, [.. Encodings[encoding].Pack(Text), .. Enumerable.Repeat((byte)filler, length)]).Outcome, Is.EqualTo(BodyOutcome.Corrupt));

    [Test]
    public void A_body_cut_short_anywhere_is_corrupt([Range(0, 2)] int encoding)
    {
        var whole = Encodings[encoding].Pack(Text);
        for (var length = 1; length < whole.Length; length += length < 50 || length > whole.Length - 50 ? 1 : 997)
            Assert.That(Read(encoding, whole[..length]).Outcome, Is.EqualTo(BodyOutcome.Corrupt), $"{length} of {whole.Length} bytes");
    }

    [Test]
    public void A_body_cut_short_in_a_run_of_white_space_is_corrupt([Range(0, 2)] int encoding)
    {
        // A run of equal bytes compresses to zero bits, which at the end look like the checksum and the length of nothing.
        var text = Encoding.UTF8.GetBytes($$"""{"event":1}{{new string(' ', 200_000)}}{"event":2}""");
        var whole = encoding switch
        {
            0 => HecRequest.Gzip(text, CompressionLevel.SmallestSize),
            1 => HecRequest.Deflate(text, CompressionLevel.SmallestSize),
            _ => HecRequest.Zstd(text),
        };
        for (var length = 1; length < whole.Length; length++)
            Assert.That(Read(encoding, whole[..length]).Outcome, Is.EqualTo(BodyOutcome.Corrupt), $"{length} of {whole.Length} bytes");
    }

    [Test]
    public void The_daemon_s_decoders_are_strict_and_not_only_those_of_the_tests()
    {
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "tailscale2otel.runtimeconfig.json")));
        var properties = config.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");
        Assert.That(properties.GetProperty("System.IO.Compression.UseStrictValidation").GetBoolean(), Is.True);
    }

    [Test]
    public void No_body_is_no_fault_of_the_encoding([Range(0, 1)] int encoding) => Assert.That(Read(encoding, []).Outcome, Is.EqualTo(BodyOutcome.Read));

    [Test]
    public void Gzip_members_and_zstd_frames_add_up([Values(0, 2)] int encoding, [Values(0, 1, 3000)] int lastLength)
    {
        var pack = Encodings[encoding].Pack;
        var last = Text[..lastLength];
        var (outcome, text) = Read(encoding, [.. pack(Text), .. pack([]), .. pack(last)]);
        Assert.That(outcome, Is.EqualTo(BodyOutcome.Read));
        Assert.That(text, Is.EqualTo((byte[])[.. Text, .. last]));
    }

    [Test]
    public void The_limit_is_on_what_comes_out_and_exact([Range(0, 2)] int encoding)
    {
        var packed = Encodings[encoding].Pack(Text);
        Assert.That(Read(encoding, packed, limit: Text.Length).Outcome, Is.EqualTo(BodyOutcome.Read));
        Assert.That(Read(encoding, packed, limit: Text.Length - 1).Outcome, Is.EqualTo(BodyOutcome.TooLarge));
    }

    [Test]
    public void No_memory_beside_the_other_bodies_is_busy_and_all_of_it_comes_back([Range(0, 2)] int encoding)
    {
        var budget = new BodyBudget(30_000);
        Assert.That(Read(encoding, Encodings[encoding].Pack(Text), budget: budget).Outcome, Is.EqualTo(BodyOutcome.Busy));
        Assert.That(budget.Used, Is.Zero);
    }

    [TestCase("", BodyEncoding.Identity)]
    [TestCase("Identity", BodyEncoding.Identity)]
    [TestCase("x-gzip", BodyEncoding.Gzip)]
    [TestCase("ZSTD", BodyEncoding.Zstd)]
    [TestCase("Deflate", BodyEncoding.Deflate)]
    [TestCase("br", BodyEncoding.Unknown)]
    [TestCase("gzip, gzip", BodyEncoding.Unknown)]
    public void The_header_decides(string header, object expected)
    {
        var reader = new HecBodyReader(new HecOptions(), HecLimits.From(new HecOptions()), TimeProvider.System);
        Assert.That(reader.TryGetEncoding(header, out var encoding, out _), Is.EqualTo((BodyEncoding)expected != BodyEncoding.Unknown));
        Assert.That(encoding, Is.EqualTo(expected));
    }

    [TestCase(HecDecompression.None, BodyEncoding.Identity)]
    [TestCase(HecDecompression.Gzip, BodyEncoding.Gzip)]
    [TestCase(HecDecompression.Zstd, BodyEncoding.Zstd)]
    public void A_forced_way_ignores_the_header(object forced, object expected)
    {
        var options = new HecOptions { Decompress = (HecDecompression)forced };
        var reader = new HecBodyReader(options, HecLimits.From(options), TimeProvider.System);
        foreach (var header in new[] { "", "gzip", "br" })
        {
            Assert.That(reader.TryGetEncoding(header, out var encoding, out _), Is.True);
            Assert.That(encoding, Is.EqualTo(expected));
        }
    }

    [Test]
    public async Task A_wire_body_is_bounded_whatever_its_header_promises([Values(true, false)] bool hasLength)
    {
        var options = new HecOptions { MaxBodyBytes = 1000 };
        var reader = new HecBodyReader(options, HecLimits.From(options), TimeProvider.System);
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(new byte[1001]);
        context.Request.ContentLength = hasLength ? 1001 : null;
        using var body = new BodyBuffer(reader.Budget, 1000);
        Assert.That(await reader.ReceiveAsync(context, body), Is.EqualTo(BodyOutcome.TooLarge));
    }

    static (BodyOutcome Outcome, byte[] Text) Read(int encoding, byte[] packed, int limit = 10_000_000, BodyBudget? budget = null)
    {
        using var wire = new BodyBuffer(new BodyBudget(long.MaxValue), int.MaxValue);
        wire.Append(packed);
        using var body = new BodyBuffer(budget ?? new BodyBudget(long.MaxValue), limit);
        var outcome = HecBodyReader.Decompress(wire, encoding switch { 0 => BodyEncoding.Gzip, 1 => BodyEncoding.Deflate, _ => BodyEncoding.Zstd }, body);
        return (outcome, body.Bytes.ToArray());
    }
}
