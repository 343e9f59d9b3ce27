namespace Tailscale2Otel.Tests.Demo.ControlPlane;

[TestFixture]
public sealed class TailnetFeatureFlagsTests
{
    const string Path = "/api/v2/tailnet/-/settings";

    [Test]
    public async Task Flow_logging_is_seen_only_with_its_own_scope()
    {
        await using var host = await ControlPlaneHost.StartAsync();

        var blind = await host.GetAsync(Path, await host.TokenAsync("feature_settings:read"));
        var seeing = await host.GetAsync(Path, await host.TokenAsync("feature_settings:read logs:network:read"));

        Assert.That(blind.Json.TryGetProperty("networkFlowLoggingOn", out _), Is.False);
        Assert.That(blind.Json.GetProperty("httpsEnabled").GetBoolean(), Is.True);
        Assert.That(seeing.Json.GetProperty("networkFlowLoggingOn").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Flow_logging_is_set_only_with_its_own_scope()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        const string Off = """{"networkFlowLoggingOn":false,"devicesKeyDurationDays":90}""";

        Assert.That((await host.SendAsync(HttpMethod.Patch, Path, Off, await host.TokenAsync("feature_settings logs:network:read"))).Status, Is.EqualTo(403));
        Assert.That(host.Server.Features.IsFlowLoggingOn);
        var reply = await host.SendAsync(HttpMethod.Patch, Path, Off, await host.TokenAsync("feature_settings logs:network"));

        Assert.That(reply.Json.GetProperty("devicesKeyDurationDays").GetInt32(), Is.EqualTo(90));
        Assert.That(host.Server.Features.IsFlowLoggingOn, Is.False);
    }

    [TestCase("""{"httpsEnabled":false,"unheardOf":true}""")]
    [TestCase("""{"httpsEnabled":false,"devicesKeyDurationDays":"90"}""")]
    [TestCase("""{"httpsEnabled":null}""")]
    [TestCase("7")]
    public async Task A_change_is_made_whole_or_not_at_all(string body)
    {
        await using var host = await ControlPlaneHost.StartAsync();

        Assert.That((await host.SendAsync(HttpMethod.Patch, Path, body)).Status, Is.EqualTo(400));
        Assert.That((await host.GetAsync(Path)).Json.GetProperty("httpsEnabled").GetBoolean(), Is.True);
    }
}
