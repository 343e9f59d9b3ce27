using System.Text;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <summary>What a broken or hostile sender could post: its documented answer, bounded memory, and the receiver goes on.</summary>
[NonParallelizable]
public sealed class HecRubbishTests
{
    HecHost _host = null!;

    [SetUp]
    public async Task StartAsync() => _host = await HecHost.StartAsync(spool: new CollectingSpool { CountsOnly = true });

    [TearDown]
    public async Task StopAsync()
    {
        Assert.That((await _host.SendAsync(new HecRequest { Text = """{"event":"still here"}""" })).Status, Is.EqualTo(200));
        await _host.DisposeAsync();
    }

    [Test]
    public async Task A_hundred_megabytes_of_brackets_are_too_large() =>
        await AssertAsync(new HecRequest { Body = Enumerable.Repeat((byte)'[', 100_000_000).ToArray() }, 413, 413, 200);

    [Test]
    public async Task Sixty_megabytes_of_brackets_are_not_JSON() =>
        await AssertAsync(new HecRequest { Body = Enumerable.Repeat((byte)'[', 60_000_000).ToArray() }, 400, 6, 400);

    [Test]
    public async Task A_million_tiny_events_are_too_many() =>
        await AssertAsync(new HecRequest { Text = string.Concat(Enumerable.Repeat("""{"event":1}""", 1_000_000)) }, 413, 413, 200);

    [Test]
    public async Task Half_a_million_are_not()
    {
        await AssertAsync(new HecRequest { Text = string.Concat(Enumerable.Repeat("""{"event":1}""", 500_000)) }, 200, 0, 300, spooled: 64);
        Assert.That(_host.Spool.Count, Is.EqualTo(500_000));
    }

    [Test]
    public async Task A_string_of_20_MB_is_an_event_like_any_other()
    {
        await AssertAsync(new HecRequest { Text = $$"""{"event":"{{new string('x', 20_000_000)}}"}""" }, 200, 0, 300, spooled: 64);
        Assert.That(_host.Spool.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Bombs_burst_at_the_limit([Values("gzip", "zstd", "deflate")] string encoding)
    {
        var zeros = new byte[256 * 1024 * 1024];
        var bomb = encoding switch { "gzip" => HecRequest.Gzip(zeros), "zstd" => HecRequest.Zstd(zeros), _ => HecRequest.Deflate(zeros) };
        Assert.That(bomb, Has.Length.LessThan(3_000_000));
        await AssertAsync(new HecRequest { Encoding = encoding, Body = bomb }, 413, 413, 300);
    }

    [Test]
    public async Task Many_wrappers_around_one_large_member_cannot_multiply_it()
    {
        var logs = string.Join(',', Enumerable.Repeat("""{"event":1}""", 100_000));
        await AssertAsync(new HecRequest { Text = $$"""{"host":"{{new string('h', 1_000_000)}}","logs":[{{logs}}]}""" }, 413, 413, 300);
    }

    [Test]
    public async Task A_million_members_of_one_object_are_read_in_one_pass()
    {
        var members = string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"k{i}\":{{}}"));
        await AssertAsync(new HecRequest { Text = $$"""{"event":1,{{members}}}""" }, 200, 0, 200);
    }

    [Test]
    public async Task A_length_that_is_too_short_cuts_the_body_and_the_rest_is_no_request()
    {
        var bytes = Encoding.ASCII.GetBytes(
            $"POST /services/collector/event HTTP/1.1\r\nHost: localhost\r\nAuthorization: Splunk {HecHost.Token}\r\nContent-Length: 5\r\n\r\n{{\"event\":\"x\"}}\r\n\r\n");
        using var patience = new CancellationTokenSource(HecWire.Patience);
        using var client = await HecSteps.ConnectAsync(_host, patience.Token);
        await client.GetStream().WriteAsync(bytes, patience.Token);
        var first = await HecWire.ReadAsync(client.GetStream(), cancellation: patience.Token);
        var second = await HecWire.ReadAsync(client.GetStream(), cancellation: patience.Token);
        Assert.That((first.Status, first.Code, second.Status, _host.Spool.Count), Is.EqualTo((400, 6, 400, 0L)));
    }

    [TestCase("Content-Length: -1")]
    [TestCase("Content-Length: 5\r\nContent-Length: 6")]
    [TestCase("Content-Length: 99999999999999999999")]
    [TestCase("Transfer-Encoding: rubbish")]
    public async Task A_length_that_is_no_length_is_a_bad_request(string header)
    {
        var bytes = Encoding.ASCII.GetBytes($"POST /services/collector/event HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n{{}}");
        Assert.That((await HecWire.SendAsync(new(System.Net.IPAddress.Loopback, _host.Port), bytes)).Status, Is.EqualTo(400));
    }

    [TestCase("FFFFFF;x\r\n")]
    [TestCase("zz\r\n{}\r\n0\r\n\r\n")]
    public async Task A_broken_chunk_ends_the_request_with_nothing_kept(string chunks)
    {
        var bytes = Encoding.ASCII.GetBytes(
            $"POST /services/collector/event HTTP/1.1\r\nHost: localhost\r\nAuthorization: Splunk {HecHost.Token}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        using var patience = new CancellationTokenSource(HecWire.Patience);
        using var client = await HecSteps.ConnectAsync(_host, patience.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(bytes, patience.Token);
        client.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        // Whether there is still an answer is the server's affair; that it ends is ours.
        var rest = new MemoryStream();
        try
        {
            await stream.CopyToAsync(rest, patience.Token);
        }
        catch (IOException)
        {
        }

        Assert.That(_host.Spool.Count, Is.Zero);
        Assert.That(Encoding.ASCII.GetString(rest.ToArray()), Does.Not.Contain(" 200 "));
    }

    /// <param name="megabytes">
    /// What the heap may hold in the middle of it beyond what it held before; the sender's own copy of the request is not counted.
    /// </param>
    /// <param name="spooled">Megabytes of the append, whose buffer the spool may keep.</param>
    async Task AssertAsync(HecRequest request, int status, int code, int megabytes, int spooled = 0)
    {
        var bytes = request.ToBytes();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        // With the holes that earlier tests left in it.
        var heap = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes;
        var answer = await HecWire.SendAsync(new(System.Net.IPAddress.Loopback, _host.Port), bytes);
        var held = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes - heap;
        Assert.That((answer.Status, answer.Code), Is.EqualTo((status, code)), answer.Body);
        Assert.That(Math.Max(GC.GetTotalMemory(forceFullCollection: false) - before, held) / 1_000_000, Is.LessThan(megabytes));
        while (_host.Metrics["tailscale.stream.inflight"] > 0)
            await Task.Yield();
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan((24L + spooled) * 1_000_000), "given back");
    }
}
