using System.Text;
using System.Text.Json;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Demo.ControlPlane;

[TestFixture]
public sealed class LogEndpointsTests
{
    const string Network = "/api/v2/tailnet/-/logging/network";

    static readonly TimeSpan Nanosecond = TimeSpan.FromTicks(1);

    [TestCase("network", "flow-api-response.json")]
    [TestCase("configuration", "audit-api-response.json")]
    public async Task A_recorded_answer_comes_back_byte_for_byte(string type, string fixture)
    {
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneSettings { Tailnet = "tail-example.ts.net" });
        var recorded = ControlPlaneHost.Fixture(fixture);
        host.Server.Logs.AddAnswer(type == "network" ? LogType.Network : LogType.Configuration, recorded);

        var reply = await host.GetAsync($"/api/v2/tailnet/-/logging/{type}?start=2026-07-27T11:00:00Z&end=2026-07-27T13:00:00Z");

        Assert.That(reply.Body, Is.EqualTo(Encoding.UTF8.GetString(recorded).TrimEnd('\n')));
    }

    [Test]
    public async Task Both_ends_are_inclusive_to_the_nanosecond()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        foreach (var time in new[] { "2026-07-27T12:00:00.000000001Z", "2026-07-27T12:00:00.000000002Z", "2026-07-27T12:00:00.000000003Z", "2026-07-27T12:00:00.000000004Z" })
            host.Server.Logs.Add(LogType.Network, Flow(time));

        Assert.That(await host.LogsAsync("network", "2026-07-27T12:00:00.000000002Z", "2026-07-27T12:00:00.000000003Z"), Has.Length.EqualTo(2));
        Assert.That(await host.LogsAsync("network", "2026-07-27T14:00:00.000000004+02:00", "2026-07-27T11:00:00.000000004-01:00"), Has.Length.EqualTo(1), "offsets");
        Assert.That(await host.LogsAsync("network", "2026-07-27T12:00:00Z", "2026-07-27T12:00:00Z"), Is.Empty);
    }

    [Test]
    public async Task Records_come_oldest_first_in_whatever_order_they_were_stored()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        foreach (var second in new[] { 5, 1, 9, 3, 3, 0 })
            host.Server.Logs.Add(LogType.Network, Flow($"2026-07-27T12:00:0{second}Z"));

        var logs = await host.LogsAsync("network", "2026-07-27T12:00:01Z", "2026-07-27T12:00:09Z");

        Assert.That(logs.Select(l => JsonElement.Parse(l).GetProperty("logged").GetString()![^2]), Is.EqualTo("13359"));
    }

    [Test]
    public async Task A_late_record_is_found_by_its_time_but_not_before_it_is_there()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Server.Logs.Add(LogType.Network, Flow("2026-07-27T12:00:00Z"), visibleAt: host.Time.GetUtcNow() + TimeSpan.FromMinutes(10));
        Task<string[]> Ask() => host.LogsAsync("network", "2026-07-27T11:59:00Z", "2026-07-27T12:01:00Z");

        host.Time.Advance(TimeSpan.FromMinutes(10) - Nanosecond);
        Assert.That(await Ask(), Is.Empty);
        host.Time.Advance(Nanosecond);
        Assert.That(await Ask(), Has.Length.EqualTo(1));
    }

    [TestCase("network", 30)]
    [TestCase("configuration", 90)]
    public async Task What_is_older_than_the_retention_is_left_out_without_a_word(string type, int days)
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var log = type == "network" ? LogType.Network : LogType.Configuration;
        var edge = host.Time.GetUtcNow() - TimeSpan.FromDays(days);
        foreach (var time in new[] { edge, edge + TimeSpan.FromSeconds(1) })
            host.Server.Logs.Add(log, Encoding.UTF8.GetBytes($$"""{"{{(type == "network" ? "logged" : "eventTime")}}":"{{time:yyyy-MM-ddTHH:mm:ss}}Z"}"""));

        Assert.That(await host.LogsAsync(type, "2020-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), Has.Length.EqualTo(2));
        host.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(await host.LogsAsync(type, "2020-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), Has.Length.EqualTo(1));
    }

    [TestCase("", "start is required")]
    [TestCase("?start=2026-07-27T12:00:00Z", "end is required")]
    [TestCase("?end=2026-07-27T12:00:00Z", "start is required")]
    [TestCase("?start=yesterday&end=2026-07-27T12:00:00Z", "start is not a time of RFC 3339")]
    [TestCase("?start=2026-07-27T12:00:00Z&end=2026-07-27", "end is not a time of RFC 3339")]
    [TestCase("?start=2026-07-27T12:00:00Z&end=1785153600", "end is not a time of RFC 3339")]
    [TestCase("?start=2026-07-27T12:00:00&end=2026-07-27T12:00:00Z", "start is not a time of RFC 3339")]
    [TestCase("?start=2026-07-27T12:00:00+02:00&end=2026-07-27T12:00:00Z", "start is not a time of RFC 3339", TestName = "A_plus_that_is_not_encoded_is_a_space")]
    [TestCase("?start=2026-07-27T12:00:01Z&end=2026-07-27T12:00:00Z", "start is after end")]
    public async Task A_window_that_is_none_is_refused(string query, string message)
    {
        await using var host = await ControlPlaneHost.StartAsync();

        var reply = await host.GetAsync(Network + query);

        Assert.That((reply.Status, reply.Message), Is.EqualTo((400, message)));
    }

    [Test]
    public async Task Without_flow_logging_there_are_no_flow_logs()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Server.Features.IsFlowLoggingOn = false;

        var reply = await host.GetAsync(Network + "?start=2026-07-27T12:00:00Z&end=2026-07-27T12:00:00Z");

        Assert.That((reply.Status, reply.Message), Is.EqualTo((403, "network flow logging is not enabled for this tailnet")));
    }

    [Test]
    public async Task A_log_has_no_more_bytes_than_it_may()
    {
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneSettings { MaxLogBytes = 10 * Flow("2026-07-27T12:00:00Z").Length });
        for (var second = 10; second < 45; second++)
            host.Server.Logs.Add(LogType.Network, Flow($"2026-07-27T12:00:{second}Z"));

        var logs = await host.LogsAsync("network", "2026-07-27T12:00:00Z", "2026-07-27T12:00:59Z");

        Assert.That(logs, Has.Length.EqualTo(10));
        Assert.That(logs[0], Does.Contain("12:00:35Z"));
        Assert.That(host.Server.Logs[LogType.Network].Count, Is.EqualTo(10));
    }

    [Test]
    [NonParallelizable]
    public async Task An_answer_of_200_MB_is_sent_without_holding_it()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var record = Flow("2026-07-27T12:00:00Z", padding: 2600);
        const int Records = 80_000;
        host.Server.Logs[LogType.Network].AddSource(_ => Enumerable.Repeat(record, Records));
        await ReadAsync();
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var bytes = await ReadAsync();

        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.That(bytes, Is.GreaterThan(200_000_000));
        Assert.That(allocated, Is.LessThan(bytes / 5));
        Assert.That(host.Server.Logs.Served, Is.EqualTo(2 * Records));

        async Task<long> ReadAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Network + "?start=2026-07-27T12:00:00Z&end=2026-07-27T12:00:00Z");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + host.ApiKey);
            using var response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[128 * 1024];
            var total = 0L;
            for (int read; (read = await body.ReadAsync(buffer)) > 0;)
                total += read;
            return total;
        }
    }

    static ReadOnlyMemory<byte> Flow(string logged, int padding = 0) =>
        Encoding.UTF8.GetBytes($$"""{"logged":"{{logged}}","nodeId":"n1"{{(padding == 0 ? "" : $",\"padding\":\"{new string('x', padding)}\"")}}}""");
}
