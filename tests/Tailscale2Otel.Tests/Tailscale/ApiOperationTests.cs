using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Architecture;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class ApiOperationTests
{
    [Test]
    public void No_two_have_the_same_name() => Assert.That(ApiOperation.All.Select(o => o.Name), Is.Unique);

    [Test]
    public void A_name_of_a_tailnet_stays_one_segment_of_the_path() =>
        Assert.That(ApiOperation.NetworkLogs.PathOf("a/../b?c#d"), Is.EqualTo("/api/v2/tailnet/a%2F..%2Fb%3Fc%23d/logging/network"));

    [Test]
    public void What_is_shown_has_no_device_in_it() =>
        Assert.That(ApiOperation.PostureAttributes.Shown("-"), Is.EqualTo("GET /api/v2/device/{deviceId}/attributes"));

    [Test]
    public void Each_is_in_the_documented_table_with_its_scope()
    {
        var rows = SourceTree.Read("docs/tailscale-api.md").Split('\n').Where(l => l.StartsWith('|')).ToList();

        Assert.That(
            ApiOperation.All.Where(o => !rows.Exists(r => r.Contains($"`{o.Method} {o.Path}`", StringComparison.Ordinal) && r.Contains($"`{o.Scope}`", StringComparison.Ordinal))).Select(o => o.Name),
            Is.Empty);
    }

    [Test]
    public void Both_logs_have_their_own()
    {
        Assert.That(ApiOperation.Logs(LogType.Network).Path, Does.EndWith("/logging/network"));
        Assert.That(ApiOperation.Logs(LogType.Configuration).Path, Does.EndWith("/logging/configuration"));
        Assert.That(ApiOperation.LogStream(LogType.Configuration).Path, Does.EndWith("/logging/configuration/stream"));
        Assert.That(ApiOperation.SetLogStream(LogType.Network), Is.EqualTo(ApiOperation.SetNetworkStream));
        Assert.That(ApiOperation.SetLogStream(LogType.Configuration).Method, Is.EqualTo(HttpMethod.Put));
        Assert.That(ApiOperation.LogStreamStatus(LogType.Network).Path, Does.EndWith("/logging/network/stream/status"));
    }
}
