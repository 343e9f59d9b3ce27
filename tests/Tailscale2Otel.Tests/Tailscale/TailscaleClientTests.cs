using System.Text.Json;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Tailscale;

/// <summary>Calls over a real socket: what goes out and what comes back.</summary>
public sealed partial class TailscaleClientTests
{
    const string OneDevice = """{"devices":[{"nodeId":"n1","name":"a.ts.net."}]}""";
    const string TwoLogs = """{"logs":[{"a":1},{"a":2}]}""";

    [Test]
    public async Task Devices_are_asked_for_with_all_fields()
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Json(OneDevice));

        var result = await api.Client.ListDevicesAsync(default);

        Assert.That(result.Value!.Single().Name, Is.EqualTo("a.ts.net"));
        var request = api.Server.To(ApiServer.Devices).Single();
        Assert.That(request.Query, Is.EqualTo("?fields=all"));
        Assert.That(request.UserAgent, Is.EqualTo($"tailscale2otel/{ProductInfo.Version}"));
    }

    [Test]
    public async Task A_device_that_is_none_is_counted()
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Json("""{"devices":[{"nodeId":"n1"},{},7]}"""));

        Assert.That((await api.Client.ListDevicesAsync(default)).Value, Has.Count.EqualTo(1));
        Assert.That(api.Meter["tailscale2otel.api.skipped{endpoint=/api/v2/tailnet/{tailnet}/devices}"], Is.EqualTo(2));
    }

    [Test]
    public async Task Settings_and_the_status_of_a_stream_are_read()
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer("/api/v2/tailnet/-/settings", ApiAnswers.Json("""{"networkFlowLoggingOn":true}"""));
        api.Server.Answer("/api/v2/tailnet/-/logging/configuration/stream/status", ApiAnswers.Json("""{"lastError":"no route","numFailedRequests":3}"""));

        Assert.That((await api.Client.GetSettingsAsync(default)).Value!.NetworkFlowLogging, Is.True);
        Assert.That((await api.Client.GetLogStreamStatusAsync(LogType.Configuration, default)).Value, Is.EqualTo(new LogStreamStatus { LastError = "no route", FailedRequests = 3 }));
    }

    [Test]
    public async Task A_stream_is_set_and_read_and_may_not_be_there()
    {
        const string Path = "/api/v2/tailnet/-/logging/network/stream";
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer(Path, ApiAnswers.Status(404, "{\"message\":\"none\"}"), ApiAnswers.Status(200), ApiAnswers.Json("""{"destinationType":"splunk","url":"https://c.example/","user":"u"}"""));

        var missing = await api.Client.GetLogStreamAsync(LogType.Network, default);
        var set = await api.Client.PutLogStreamAsync(LogType.Network, new LogStreamSink("splunk", "https://c.example/", "u", new Secret("hunter2")), default);
        var sink = await api.Client.GetLogStreamAsync(LogType.Network, default);

        Assert.That((missing.IsSuccess, missing.Value), Is.EqualTo((true, default(LogStreamSink))));
        Assert.That(set.Value, Is.True);
        Assert.That(sink.Value, Is.EqualTo(new LogStreamSink("splunk", "https://c.example/", "u")));
        var put = api.Server.To(Path)[1];
        Assert.That(put.Method, Is.EqualTo("PUT"));
        Assert.That(JsonDocument.Parse(put.Body).RootElement.GetProperty("token").GetString(), Is.EqualTo("hunter2"));
        Assert.That(api.Client.States.Of(ApiOperation.NetworkStream).State, Is.EqualTo(ApiState.Supported));
    }

    [Test]
    public async Task What_belongs_to_one_device_is_asked_for_by_its_id()
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer("/api/v2/device/nWEB1aaCNTRL/attributes", ApiAnswers.Json("""{"attributes":{"node:os":"linux"}}"""));
        api.Server.Answer("/api/v2/device/nWEB1aaCNTRL/device-invites", ApiAnswers.Json("""[{"id":"1"}]"""));

        Assert.That((await api.Client.GetPostureAttributesAsync("nWEB1aaCNTRL", default)).Value!.Attributes.Single().Text, Is.EqualTo("linux"));
        Assert.That((await api.Client.ListDeviceInvitesAsync("nWEB1aaCNTRL", default)).Value!.Single().Id, Is.EqualTo("1"));
        Assert.That(api.Meter["tailscale2otel.api.requests{endpoint=/api/v2/device/{deviceId}/attributes,http.response.status_code=200}"], Is.EqualTo(1));
    }

    [TestCase("")]
    [TestCase("..")]
    [TestCase("a/b")]
    [TestCase("a?b")]
    [TestCase("a%2fb")]
    public async Task An_id_that_would_change_the_path_is_not_sent(string id)
    {
        await using var api = await ApiHarness.StartAsync();

        var result = await api.Client.GetPostureAttributesAsync(id, default);

        Assert.That(result.Failure!.State, Is.EqualTo(ApiState.RequestRejected));
        Assert.That(api.Server.Requests, Is.Empty);
    }

    [TestCase(403, "ScopeDenied", true)]
    [TestCase(404, "Disabled", true)]
    [TestCase(400, "RequestRejected", false)]
    public async Task A_refusal_is_a_state_and_is_not_repeated(int status, string state, bool isLasting)
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Status(status, "{\"message\":\"because\"}"));

        var failure = (await api.Client.ListDevicesAsync(default)).Failure!;

        Assert.That((failure.State.ToString(), failure.Status, failure.IsLasting), Is.EqualTo((state, status, isLasting)));
        Assert.That(failure.Message, Does.Contain("because"));
        Assert.That(api.Server.To(ApiServer.Devices), Has.Count.EqualTo(1));
        Assert.That(api.Client.States.Of(ApiOperation.Devices).State, Is.EqualTo(failure.State));
        Assert.That(api.Log.Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Of_long_words_the_beginning_is_told()
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Status(400, "because " + new string('x', 100_000), ("Content-Length", "100008")));

        Assert.That((await api.Client.ListDevicesAsync(default)).Failure!.Message, Does.Contain("It said: because"));
    }

    [TestCase("[]")]
    [TestCase("{\"devices\":[")]
    [TestCase("<html>")]
    [TestCase("")]
    public async Task Garbage_is_asked_for_again_and_then_a_failure(string body)
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Json(body));

        var failure = (await api.Client.ListDevicesAsync(default)).Failure!;

        Assert.That((failure.State, failure.Status), Is.EqualTo((ApiState.TransientFailure, 200)));
        Assert.That(api.Server.To(ApiServer.Devices), Has.Count.EqualTo(4));
    }

    [Test]
    public async Task A_list_over_the_limit_is_not_asked_for_again()
    {
        await using var api = await ApiHarness.StartAsync(o => o.MaxResponseBytes = 1000);
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Json("""{"devices":[],"x":"PAD"}""".Replace("PAD", new string('x', 1000))));

        var failure = (await api.Client.ListDevicesAsync(default)).Failure!;

        Assert.That((failure.IsTooLarge, failure.State), Is.EqualTo((true, ApiState.TransientFailure)));
        Assert.That(failure.Message, Does.Contain("over 1000 bytes"));
        Assert.That(api.Server.To(ApiServer.Devices), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_name_of_the_tailnet_is_in_path_and_metrics()
    {
        await using var api = await ApiHarness.StartAsync(o => o.Tailnet = "example.com");
        api.Server.Answer("/api/v2/tailnet/example.com/devices", ApiAnswers.Json(OneDevice));

        Assert.That((await api.Client.ListDevicesAsync(default)).IsSuccess, Is.True);
        Assert.That(api.Meter["tailscale2otel.api.requests{endpoint=/api/v2/tailnet/{tailnet}/devices,tailscale.tailnet=example.com,http.response.status_code=200}"]
            + api.Meter["tailscale2otel.api.requests{endpoint=/api/v2/tailnet/{tailnet}/devices,http.response.status_code=200,tailscale.tailnet=example.com}"], Is.EqualTo(1));
    }

    [Test]
    public async Task Cancellation_is_no_failure()
    {
        await using var api = await ApiHarness.StartAsync();
        api.Server.Answer(ApiServer.Devices, ApiAnswers.Hang());
        using var stop = new CancellationTokenSource();
        var call = api.Client.ListDevicesAsync(stop.Token);
        await ApiHarness.UntilAsync(() => api.Server.To(ApiServer.Devices).Count == 1);
        await stop.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(api.Log.Lines, Is.Empty);
        Assert.That(api.Client.States.Of(ApiOperation.Devices).State, Is.EqualTo(ApiState.Unknown));
        Assert.That(api.Meter.Series, Has.None.Contains("api.requests{endpoint=/api/v2/tailnet"));
    }
}
