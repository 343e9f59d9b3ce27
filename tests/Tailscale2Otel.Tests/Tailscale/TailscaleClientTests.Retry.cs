using Microsoft.AspNetCore.Http;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed partial class TailscaleClientTests
{
    static readonly Dictionary<string, RequestDelegate> Stumbles = new()
    {
        ["429"] = ApiAnswers.Status(429),
        ["500"] = ApiAnswers.Status(500),
        ["502"] = ApiAnswers.Status(502, "{\"message\":\"store\"}"),
        ["503"] = ApiAnswers.Status(503),
        ["dropped"] = ApiAnswers.Drop(),
        ["garbage"] = ApiAnswers.Json("<html>"),
        ["cut"] = ApiAnswers.CutAfter("""{"devices":[{"nodeId":"n1"}]}"""u8.ToArray(), 12),
    };

    static IEnumerable<string> StumbleNames => Stumbles.Keys;

    [TestCaseSource(nameof(StumbleNames))]
    public async Task What_may_pass_is_repeated(string stumble)
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer(ApiServer.Devices, Stumbles[stumble], Stumbles[stumble], Stumbles[stumble], ApiAnswers.Json(OneDevice));

        Assert.That((await api.Client.ListDevicesAsync(default)).Failure?.Message, Is.Null);
        Assert.That(api.Server.To(ApiServer.Devices), Has.Count.EqualTo(4));
        Assert.That(api.Meter["tailscale2otel.api.retries{endpoint=/api/v2/tailnet/{tailnet}/devices}"], Is.EqualTo(3));
        Assert.That(api.Meter["tailscale2otel.api.requests{endpoint=/api/v2/tailnet/{tailnet}/devices,http.response.status_code=200}"], Is.EqualTo(1));
        Assert.That(api.Log.Lines, Is.Empty);
    }

    [TestCaseSource(nameof(StumbleNames))]
    public async Task What_does_not_pass_ends_after_the_last_attempt(string stumble)
    {
        await using var api = await ApiHarness.StartAsync(o => o.Http.Retry.MaxAttempts = 2);
        api.Server.Answer(ApiServer.Devices, Stumbles[stumble]);

        var failure = (await api.Client.ListDevicesAsync(default)).Failure!;

        Assert.That((failure.State, failure.RetryAfter), Is.EqualTo((ApiState.TransientFailure, default(TimeSpan?))));
        Assert.That(api.Server.To(ApiServer.Devices), Has.Count.EqualTo(2));
        Assert.That(api.Log.Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task One_attempt_can_be_all()
    {
        await using var api = await ApiHarness.StartAsync(o => o.Http.Retry.MaxAttempts = 1);
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Status(503));

        Assert.That((await api.Client.ListDevicesAsync(default)).IsSuccess, Is.False);
        Assert.That(api.Server.To(ApiServer.Devices), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Nobody_there_is_a_failure_without_a_status()
    {
        await using var api = await ApiHarness.StartAsync(ApiHarness.UseApiKey);
        await api.Server.DisposeAsync();

        var failure = (await api.Client.ListDevicesAsync(default)).Failure!;

        Assert.That((failure.State, failure.Status), Is.EqualTo((ApiState.TransientFailure, 0)));
        Assert.That(failure.Message, Does.Contain("no connection to the server"));
        Assert.That(api.Meter["tailscale2otel.api.requests{endpoint=/api/v2/tailnet/{tailnet}/devices}"], Is.EqualTo(1));
    }

    [TestCase("3")]
    [TestCase("Mon, 27 Jul 2026 12:00:03 GMT")]
    public async Task The_server_s_wait_is_kept_to(string retryAfter)
    {
        var time = new ManualTime();
        await using var api = await ApiHarness.StartAsync(ApiHarness.UseApiKey, time);
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Status(429, "", ("Retry-After", retryAfter)), ApiAnswers.Json(OneDevice));

        var call = api.Client.ListDevicesAsync(default);
        await ApiHarness.UntilAsync(() => time.OneShotsWithin(TimeSpan.FromSeconds(3)) == 1);
        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.That(api.Server.Requests, Has.Count.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That((await call).IsSuccess, Is.True);
    }

    [TestCase("60")]
    [TestCase("Mon, 27 Jul 2026 12:01:00 GMT")]
    public async Task After_too_many_requests_nothing_is_sent_until_the_server_s_time_has_come(string retryAfter)
    {
        var time = new ManualTime();
        await using var api = await ApiHarness.StartAsync(ApiHarness.UseApiKey, time);
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Status(429, "", ("Retry-After", retryAfter)), ApiAnswers.Json(OneDevice));

        var first = (await api.Client.ListDevicesAsync(default)).Failure!;
        time.Advance(TimeSpan.FromSeconds(59));
        var second = (await api.Client.ListDevicesAsync(default)).Failure!;
        var other = (await api.Client.GetSettingsAsync(default)).Failure!;

        Assert.That((first.State, first.Status, first.RetryAfter), Is.EqualTo((ApiState.TransientFailure, 429, (TimeSpan?)TimeSpan.FromMinutes(1))));
        Assert.That((second.State, second.Status, second.RetryAfter), Is.EqualTo((ApiState.TransientFailure, 429, (TimeSpan?)TimeSpan.FromSeconds(1))));
        Assert.That(second.Message, Is.EqualTo("GET /api/v2/tailnet/-/devices was not sent: after it answered 429 the server is left alone for another 1 s"));
        Assert.That(other.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(api.Server.Requests, Has.Count.EqualTo(1));

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await api.Client.ListDevicesAsync(default)).IsSuccess, Is.True);
    }

    [Test]
    public async Task After_another_failure_only_that_operation_waits()
    {
        var time = new ManualTime();
        await using var api = await ApiHarness.StartAsync(ApiHarness.UseApiKey, time);
        api.Server.Answer(ApiServer.NetworkLogs, ApiAnswers.Status(503, "", ("Retry-After", "120")));
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Json(OneDevice));

        Assert.That((await api.ReadLogsAsync()).Failure!.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(2)));
        Assert.That((await api.ReadLogsAsync()).Failure!.Status, Is.EqualTo(503));
        Assert.That((await api.Client.ListDevicesAsync(default)).IsSuccess, Is.True);
        Assert.That(api.Server.To(ApiServer.NetworkLogs), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_answer_whose_head_does_not_come_is_given_up_and_asked_for_again()
    {
        var time = new ManualTime();
        await using var api = await ApiHarness.StartAsync(
            o =>
            {
                ApiHarness.UseApiKey(o);
                o.Http.Retry.MaxAttempts = 2;
            },
            time);
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Hang());

        var call = api.Client.ListDevicesAsync(default);
        await ApiHarness.UntilAsync(() => api.Server.Requests.Count == 1);
        time.Advance(TimeSpan.FromSeconds(30));
        await ApiHarness.UntilAsync(() => time.OneShotsWithin(TimeSpan.FromSeconds(1)) == 1);
        time.Advance(TimeSpan.FromSeconds(1));
        await ApiHarness.UntilAsync(() => api.Server.Requests.Count == 2);
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.That((await call).Failure!.Message, Is.EqualTo("GET /api/v2/tailnet/-/devices took too long: nothing came for 30 s (tailscale.http.timeout)"));
    }

    [Test]
    public async Task An_answer_that_stops_in_its_middle_is_given_up()
    {
        var time = new ManualTime();
        await using var api = await ApiHarness.StartAsync(
            o =>
            {
                ApiHarness.UseApiKey(o);
                o.Http.Retry.MaxAttempts = 1;
            },
            time);
        api.Server.Answer(ApiServer.NetworkLogs, ApiAnswers.HangAfter("""{"logs":[{"a":1},{"""));
        var taken = new TaskCompletionSource();

        var call = api.ReadLogsAsync(_ =>
        {
            taken.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await ApiHarness.UntilAsync(() => time.OneShotsWithin(TimeSpan.FromSeconds(30)) == 1);
        time.Advance(TimeSpan.FromSeconds(30));

        var failure = (await call).Failure!;
        Assert.That(failure.Message, Does.Contain("the answer stopped for 30 s (tailscale.http.timeout)"));
        Assert.That((failure.State, failure.Status), Is.EqualTo((ApiState.TransientFailure, 200)));
    }

    [Test]
    public async Task A_call_has_an_end_whatever_the_attempts_do()
    {
        var time = new ManualTime();
        await using var api = await ApiHarness.StartAsync(
            o =>
            {
                ApiHarness.UseApiKey(o);
                o.Http.TotalTimeout = TimeSpan.FromSeconds(40);
            },
            time);
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Status(502), ApiAnswers.Hang());

        var call = api.Client.ListDevicesAsync(default);
        await ApiHarness.UntilAsync(() => time.OneShotsWithin(TimeSpan.FromSeconds(1)) == 1);
        time.Advance(TimeSpan.FromSeconds(20));
        await ApiHarness.UntilAsync(() => api.Server.Requests.Count == 2);
        time.Advance(TimeSpan.FromSeconds(20));

        var failure = (await call).Failure!;
        Assert.That(failure.State, Is.EqualTo(ApiState.TransientFailure));
        Assert.That(failure.Message, Does.Contain("more than 40 s in all (tailscale.http.total_timeout); before that: ").And.Contain("answered 502"));
    }

    [Test]
    public async Task A_limited_client_waits_between_requests_and_says_how_long()
    {
        var time = new ManualTime();
        await using var api = await ApiHarness.StartAsync(
            o =>
            {
                ApiHarness.UseApiKey(o);
                o.Http.RateLimit = 0.5;
            },
            time);
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Json(OneDevice));

        await api.Client.ListDevicesAsync(default);
        var second = api.Client.ListDevicesAsync(default);
        await ApiHarness.UntilAsync(() => time.OneShotsWithin(TimeSpan.FromSeconds(2)) == 1);
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.That(api.Server.Requests, Has.Count.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(0.1));
        await second;

        Assert.That(api.Meter["tailscale2otel.api.rate_limit.wait{endpoint=/api/v2/tailnet/{tailnet}/devices}"], Is.EqualTo(2).Within(0.01));
    }
}
