using System.Text;
using Microsoft.AspNetCore.Http;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed partial class TailscaleClientTests
{
    [Test]
    public async Task Logs_are_asked_for_by_window_and_handed_out_in_order()
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer("/api/v2/tailnet/-/logging/configuration", ApiAnswers.Json(TwoLogs));
        var records = new List<string>();
        var from = new DateTimeOffset(2026, 7, 27, 14, 0, 0, TimeSpan.FromHours(2)).AddTicks(1_234_567);

        var page = (await api.Client.ReadLogsAsync(LogType.Configuration, from, from.AddHours(1), Collect(records), default)).Value;

        Assert.That(records, Is.EqualTo(new[] { """{"a":1}""", """{"a":2}""" }));
        Assert.That((page.Records, page.Bytes), Is.EqualTo((2L, (long)TwoLogs.Length)));
        Assert.That(page.ServerTime, Is.EqualTo(TimeProvider.System.GetUtcNow()).Within(TimeSpan.FromMinutes(1)));
        Assert.That(api.Server.To("/api/v2/tailnet/-/logging/configuration").Single().Query, Is.EqualTo("?start=2026-07-27T12:00:00.123456700Z&end=2026-07-27T13:00:00.123456700Z"));
    }

    [Test]
    public async Task A_compressed_answer_is_read_and_counted_after_decompression()
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer(ApiServer.NetworkLogs, ApiAnswers.Gzip(Encoding.UTF8.GetBytes(TwoLogs)));
        var records = new List<string>();

        var page = (await api.ReadLogsAsync(Collect(records))).Value;

        Assert.That(records, Has.Count.EqualTo(2));
        Assert.That(page.Bytes, Is.EqualTo(TwoLogs.Length));
    }

    [Test]
    public async Task A_bomb_is_stopped_at_the_limit_and_not_asked_for_again()
    {
        await using var api = await ApiHarness.StartAsync(o => o.MaxLogResponseBytes = 100_000);
        api.Server.Answer(ApiServer.NetworkLogs, ApiAnswers.Gzip(Encoding.UTF8.GetBytes($$"""{"logs":[{{string.Join(',', Enumerable.Repeat("{\"a\":1}", 1_000_000))}}]}""")));
        var taken = 0;

        var failure = (await api.ReadLogsAsync(_ =>
        {
            taken++;
            return ValueTask.CompletedTask;
        })).Failure!;

        Assert.That((failure.IsTooLarge, failure.IsLasting), Is.EqualTo((true, false)));
        Assert.That(taken, Is.LessThan(100_000 / 8));
        Assert.That(api.Server.To(ApiServer.NetworkLogs), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_record_that_is_too_large_is_handed_out_by_its_beginning_and_ends_nothing()
    {
        await using var api = await ApiHarness.StartAsync();
        var giant = $$"""{"a":"{{new string('x', LogAnswerReader.MaxRecordBytes)}}"}""";
        api.Server.Answer(ApiServer.NetworkLogs, ApiAnswers.Gzip(Encoding.UTF8.GetBytes($$"""{"logs":[{"a":1},{{giant}},{"a":2}]}""")));
        var records = new List<(int Length, long Size)>();

        var page = (await api.ReadLogsAsync(r =>
        {
            records.Add((r.Json.Length, r.Size));
            return ValueTask.CompletedTask;
        })).Value;

        Assert.That(page.Records, Is.EqualTo(3));
        Assert.That(records, Is.EqualTo(new[] { (7, 7L), (LogAnswerReader.BeginningBytes, giant.Length), (7, 7L) }));
    }

    [Test]
    public async Task A_length_over_the_limit_is_enough_to_read_nothing()
    {
        await using var api = await ApiHarness.StartAsync(o => o.MaxLogResponseBytes = 10);
        api.Server.Answer(ApiServer.NetworkLogs, ApiAnswers.Json(TwoLogs));
        var records = new List<string>();

        Assert.That((await api.ReadLogsAsync(Collect(records))).Failure!.IsTooLarge, Is.True);
        Assert.That(records, Is.Empty);
    }

    [Test]
    public async Task An_answer_in_an_encoding_that_nobody_asked_for_is_a_broken_one()
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer(ApiServer.NetworkLogs, ApiAnswers.Status(200, TwoLogs, ("Content-Encoding", "br")));

        Assert.That((await api.ReadLogsAsync()).Failure!.Message, Does.Contain("its encoding is not the one that was asked for"));
    }

    [Test]
    public async Task An_answer_that_breaks_off_anywhere_is_read_again_from_its_beginning()
    {
        var body = Encoding.UTF8.GetBytes(TwoLogs);
        await using var api = await ApiHarness.StartAsync();
        for (var length = 0; length < body.Length; length++)
        {
            api.Server.Answer(ApiServer.NetworkLogs, ApiAnswers.CutAfter(body, length), ApiAnswers.Bytes(body));
            var records = new List<string>();

            var result = await api.ReadLogsAsync(Collect(records));

            Assert.That(result.Failure?.Message, Is.Null, $"after {length}");
            Assert.That(result.Value.Records, Is.EqualTo(2), "only the last attempt counts");
            Assert.That(records.TakeLast(2), Is.EqualTo(new[] { """{"a":1}""", """{"a":2}""" }), $"after {length}");
        }
    }

    [Test]
    public async Task A_compressed_answer_that_breaks_off_is_no_success_with_records_missing()
    {
        var body = Encoding.UTF8.GetBytes(TwoLogs);
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(body);
        await using var api = await ApiHarness.StartAsync(o => o.Http.Retry.MaxAttempts = 1);
        var failures = 0;
        for (var length = 0; length < packed.Length; length++)
        {
            var part = packed.ToArray()[..length];
            api.Server.Answer(ApiServer.NetworkLogs, async context =>
            {
                context.Response.Headers.ContentEncoding = "gzip";
                await context.Response.Body.WriteAsync(part);
            });

            var result = await api.ReadLogsAsync();

            // Without the checksum at its end it may be whole all the same: then the JSON is.
            Assert.That(result.Failure?.State ?? (result.Value.Records == 2 ? ApiState.TransientFailure : ApiState.Supported), Is.EqualTo(ApiState.TransientFailure), $"after {length}");
            failures += result.IsSuccess ? 0 : 1;
        }

        Assert.That(failures, Is.GreaterThan(20));
    }

    [Test]
    public async Task What_the_taker_throws_ends_the_call()
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer(ApiServer.NetworkLogs, ApiAnswers.Json(TwoLogs));

        Assert.That(async () => await api.ReadLogsAsync(_ => throw new IOException("disk")), Throws.InstanceOf<IOException>().With.Message.EqualTo("disk"));
        Assert.That(api.Server.To(ApiServer.NetworkLogs), Has.Count.EqualTo(1), "it is not taken for a failure of the network");
    }

    [Test]
    public async Task Two_hundred_megabytes_are_read_in_little_memory()
    {
        const int Repeats = 3200;
        var record = Encoding.UTF8.GetBytes("{\"nodeId\":\"nWEB1aaCNTRL\",\"virtualTraffic\":[" + string.Join(',', Enumerable.Repeat("{\"proto\":6,\"src\":\"100.64.10.1:443\",\"dst\":\"100.64.20.5:52114\",\"txPkts\":31,\"txBytes\":40110}", 30)) + "]}");
        var piece = Encoding.UTF8.GetBytes(string.Join("", Enumerable.Repeat(Encoding.UTF8.GetString(record) + ",", 24)));
        await using var api = await ApiHarness.StartAsync(o => o.MaxLogResponseBytes = 1_000_000_000);
        api.Server.Answer(ApiServer.NetworkLogs, async context =>
        {
            await context.Response.WriteAsync("{\"logs\":[", Encoding.UTF8);
            for (var i = 0; i < Repeats; i++)
                await context.Response.Body.WriteAsync(piece);
            await context.Response.Body.WriteAsync(record);
            await context.Response.Body.WriteAsync("]}"u8.ToArray());
        });
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Json(OneDevice));
        await api.Client.ListDevicesAsync(default);
        var right = 0L;
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var page = (await api.ReadLogsAsync(r =>
        {
            right += r.Json.Span.SequenceEqual(record) ? 1 : 0;
            return ValueTask.CompletedTask;
        })).Value;

        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        TestContext.Out.WriteLine($"{page.Bytes:N0} bytes, {page.Records:N0} records, {allocated:N0} bytes allocated, by the server too");
        Assert.That(page.Bytes, Is.GreaterThan(200_000_000));
        Assert.That((page.Records, right), Is.EqualTo(((Repeats * 24L) + 1, (Repeats * 24L) + 1)));
        Assert.That(allocated, Is.LessThan(20_000_000));
    }

    static Func<LogElement, ValueTask> Collect(List<string> records) => record =>
    {
        records.Add(Encoding.UTF8.GetString(record.Json.Span));
        return ValueTask.CompletedTask;
    };
}
