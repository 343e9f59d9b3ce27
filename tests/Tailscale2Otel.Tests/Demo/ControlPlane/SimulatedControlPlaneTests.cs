using Tailscale2Otel.Demo.ControlPlane;

namespace Tailscale2Otel.Tests.Demo.ControlPlane;

[TestFixture]
public sealed class SimulatedControlPlaneTests
{
    [Test]
    public async Task The_date_is_that_of_the_servers_clock()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var right = await host.GetAsync("/api/v2/tailnet/-/devices");
        host.Server.Clock.Offset = TimeSpan.FromMinutes(-7);
        var late = await host.GetAsync("/api/v2/tailnet/-/devices");

        Assert.That(right.Headers.Date, Is.EqualTo(host.Time.GetUtcNow()));
        Assert.That(late.Headers.Date, Is.EqualTo(host.Time.GetUtcNow() - TimeSpan.FromMinutes(7)));
    }

    [TestCase("GET", "/api/v2/tailnet/-/nothing", 404)]
    [TestCase("GET", "/api/v2/tailnet/-/logging/kernel/stream", 404)]
    [TestCase("GET", "/", 404)]
    [TestCase("GET", "/api/v2/tailnet/other.ts.net/devices", 404)]
    [TestCase("GET", "/api/v2/tailnet/tail-demo.ts.net/devices", 200)]
    [TestCase("GET", "/api/v2/tailnet/TdemoTailCNTRL/devices", 200)]
    [TestCase("POST", "/api/v2/tailnet/-/devices", 405)]
    [TestCase("GET", "/api/v2/oauth/token", 405)]
    public async Task A_path_and_method_get_the_status_of_the_api(string method, string path, int status)
    {
        await using var host = await ControlPlaneHost.StartAsync();

        var reply = await host.SendAsync(new HttpMethod(method), path);

        Assert.That(reply.Status, Is.EqualTo(status));
        if (status != 200)
            Assert.That(reply.Message, Is.Not.Empty);
    }

    [Test]
    public async Task Requests_are_remembered_without_their_credential()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/tailnet/-/devices?fields=all");
        request.Headers.UserAgent.ParseAdd("some-client/1.0");
        await host.SendAsync(request);
        await host.GetAsync("/api/v2/tailnet/-/settings");

        var (first, second) = (host.Server.Requests.All[0], host.Server.Requests.All[1]);
        Assert.That(first.ToString(), Is.EqualTo("GET /api/v2/tailnet/-/devices?fields=all 401"));
        Assert.That((first.Endpoint, first.HasAuthorization, first.UserAgent, first.At), Is.EqualTo((ApiEndpoint.Devices, false, "some-client/1.0", host.Time.GetUtcNow())));
        Assert.That((second.Status, second.HasAuthorization), Is.EqualTo((200, true)));
        Assert.That(host.Server.Requests.Count(ApiEndpoint.Settings), Is.EqualTo(1));
        var texts = typeof(ControlPlaneRequest).GetProperties().Select(p => p.GetValue(second)?.ToString());
        Assert.That(texts, Has.None.Contains(host.ApiKey));
    }

    [Test]
    public async Task Only_the_latest_requests_are_kept_and_all_are_counted()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, ControlPlaneRequests.Kept / 3), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, cancellation) =>
            {
                using var response = await host.Http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, cancellation);
            });
        }

        Assert.That(host.Server.Requests.All, Has.Count.EqualTo(ControlPlaneRequests.Kept));
        Assert.That(host.Server.Requests.Total, Is.EqualTo(4 * (ControlPlaneRequests.Kept / 3)));
    }

    [Test]
    public async Task Many_of_them_run_side_by_side()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ControlPlaneHost.StartAsync()));
        try
        {
            var replies = await Task.WhenAll(hosts.Select(h => h.GetAsync("/api/v2/tailnet/-/devices")));
            Assert.That(replies.Select(r => r.Status), Is.All.EqualTo(200));
            Assert.That((await hosts[0].GetAsync("/api/v2/tailnet/-/devices", hosts[1].ApiKey)).Status, Is.EqualTo(401), "the credential of another one");
        }
        finally
        {
            foreach (var host in hosts)
                await host.DisposeAsync();
        }
    }

    [Test]
    public async Task Its_end_ends_a_request_that_hangs()
    {
        var host = await ControlPlaneHost.StartAsync();
        host.Server.Faults.Next(ApiEndpoint.Devices, ControlPlaneFault.SaysNothing());
        var hanging = host.GetAsync("/api/v2/tailnet/-/devices");
        while (host.Server.Requests.Total == 0)
            await Task.Yield();

        await host.Server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(async () => await hanging.WaitAsync(TimeSpan.FromSeconds(20)), Throws.InstanceOf<HttpRequestException>());
        host.Http.Dispose();
    }
}
