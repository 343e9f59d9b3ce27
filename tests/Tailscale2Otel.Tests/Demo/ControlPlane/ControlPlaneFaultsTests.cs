using System.Diagnostics;
using System.Net;
using Tailscale2Otel.Demo.ControlPlane;

namespace Tailscale2Otel.Tests.Demo.ControlPlane;

[TestFixture]
public sealed class ControlPlaneFaultsTests
{
    const string Path = "/api/v2/tailnet/-/devices";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public async Task A_fault_is_for_so_many_requests_of_its_endpoint()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Server.Faults.Next(ApiEndpoint.Devices, ControlPlaneFault.Refuses(502), times: 2);
        host.Server.Faults.Next(null, ControlPlaneFault.Refuses(500));

        Assert.That((await host.GetAsync("/api/v2/tailnet/-/settings")).Status, Is.EqualTo(500), "the one for every endpoint");
        Assert.That(await StatusesAsync(host, 3), Is.EqualTo(new[] { 502, 502, 200 }));
        Assert.That(host.Server.Faults.Waiting, Is.Zero);
        Assert.That(host.Server.Requests.Of(ApiEndpoint.Devices).Select(r => r.Status), Is.EqualTo(new[] { 502, 502, 200 }));
    }

    [Test]
    public async Task Some_requests_fail_by_chance_always_the_same_ones_of_a_seed()
    {
        var runs = new List<int[]>();
        foreach (var seed in new[] { 5, 5, 6 })
        {
            await using var host = await ControlPlaneHost.StartAsync();
            host.Server.Faults.Sometimes(ApiEndpoint.Devices, ControlPlaneFault.Refuses(500), 0.4, seed);
            runs.Add(await StatusesAsync(host, 40));
            host.Server.Faults.Clear();
            Assert.That(await StatusesAsync(host, 5), Is.All.EqualTo(200));
        }

        Assert.That(runs[0], Is.EqualTo(runs[1]).And.Not.EqualTo(runs[2]));
        Assert.That(runs[0].Count(s => s == 500), Is.InRange(6, 26));
    }

    [Test]
    public async Task Too_many_requests_may_say_how_long_to_wait()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Server.Faults.Next(null, ControlPlaneFault.TooManyRequests(TimeSpan.FromSeconds(7)));
        host.Server.Faults.Next(null, ControlPlaneFault.TooManyRequests(TimeSpan.FromSeconds(90), asDate: true));
        host.Server.Faults.Next(null, ControlPlaneFault.TooManyRequests());

        var (seconds, date, none) = (await host.GetAsync(Path), await host.GetAsync(Path), await host.GetAsync(Path));

        Assert.That(new[] { seconds, date, none }.Select(r => r.Status), Is.All.EqualTo(429));
        Assert.That(seconds.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(date.Headers.RetryAfter!.Date, Is.EqualTo(host.Time.GetUtcNow() + TimeSpan.FromSeconds(90)));
        Assert.That(none.Headers.RetryAfter, Is.Null);
    }

    [Test]
    public async Task A_redirect_and_a_page_that_is_no_answer()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Server.Faults.Next(null, ControlPlaneFault.Redirects(new Uri("http://elsewhere.example.com/api"), 307));
        host.Server.Faults.Next(null, ControlPlaneFault.Answers(200, "<html>Log in to the Wi-Fi", "text/html"));

        var redirect = await host.GetAsync(Path);
        var page = await host.GetAsync(Path);

        Assert.That((redirect.Status, redirect.Headers.Location), Is.EqualTo((307, new Uri("http://elsewhere.example.com/api"))));
        Assert.That((page.Status, page.Body, page.MediaType), Is.EqualTo((200, "<html>Log in to the Wi-Fi", "text/html")));
    }

    [Test]
    public async Task A_revoked_token_stays_revoked_and_another_is_good()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var token = await host.TokenAsync("all:read");
        host.Server.Faults.Next(ApiEndpoint.Devices, ControlPlaneFault.RevokesToken());

        Assert.That((await host.GetAsync(Path, token)).Status, Is.EqualTo(401));
        Assert.That((await host.GetAsync(Path, token)).Status, Is.EqualTo(401));
        Assert.That((await host.GetAsync(Path, await host.TokenAsync("all:read"))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_reset_is_no_answer()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Server.Faults.Next(null, ControlPlaneFault.Resets());

        Assert.That(async () => await host.GetAsync(Path), Throws.InstanceOf<HttpRequestException>());
        Assert.That(host.Server.Requests.All.Single().Status, Is.Zero);
        Assert.That((await host.GetAsync(Path)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Silence_lasts_until_the_client_gives_up()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        host.Server.Faults.Next(null, ControlPlaneFault.SaysNothing());
        using var given = new CancellationTokenSource();
        var asking = host.Http.GetAsync(Path, given.Token);
        await UntilAsync(() => host.Server.Requests.Total == 1);

        var answered = asking.IsCompleted;
        await given.CancelAsync();

        Assert.That(answered, Is.False);
        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_body_that_is_cut_or_short_ends_too_early()
    {
        await using var host = await Host();
        foreach (var fault in new[] { ControlPlaneFault.CutsAfter(50), ControlPlaneFault.IsShortAfter(50), ControlPlaneFault.CutsAfter(1_000_000), ControlPlaneFault.IsShortAfter(1_000_000) })
        {
            host.Server.Faults.Next(null, fault);
            using var response = await HeadAsync(host);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            var (bytes, failure) = await ReadAsync(response);
            Assert.That(failure, Is.InstanceOf<IOException>(), fault.ToString());
            Assert.That(bytes, fault.Bytes == 50 ? Is.EqualTo(50) : Is.GreaterThan(500), fault.ToString());
        }

        Assert.That((await host.GetAsync(Path)).Json.GetProperty("devices").GetArrayLength(), Is.EqualTo(8), "the next one is whole");
    }

    [Test]
    public async Task A_body_that_stops_keeps_the_client_waiting()
    {
        await using var host = await Host();
        host.Server.Faults.Next(null, ControlPlaneFault.StopsAfter(50));
        using var response = await HeadAsync(host);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        using var given = new CancellationTokenSource();

        var got = await body.ReadAtLeastAsync(buffer, 50).AsTask().WaitAsync(Patience);
        var more = body.ReadAsync(buffer, given.Token).AsTask();

        Assert.That(got, Is.EqualTo(50));
        Assert.That(more.IsCompleted, Is.False);
        await given.CancelAsync();
        Assert.That(async () => await more, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_slow_body_is_whole_in_the_end()
    {
        await using var host = await Host();
        var whole = (await host.GetAsync(Path)).Body;
        host.Server.Faults.Next(null, ControlPlaneFault.IsSlow(whole.Length / 4, TimeSpan.FromSeconds(10)));

        var slow = host.GetAsync(Path);
        var before = host.Time.GetUtcNow();
        var patience = Stopwatch.StartNew();
        while (!slow.IsCompleted && patience.Elapsed < Patience)
        {
            if (host.Time.ActiveTimers > 0)
                host.Time.Advance(TimeSpan.FromSeconds(10));
            else
                await Task.Yield();
        }

        Assert.That((await slow).Body.Length, Is.EqualTo(whole.Length));
        Assert.That(host.Time.GetUtcNow() - before, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(40)));
    }

    static Task<ControlPlaneHost> Host() => ControlPlaneHost.StartAsync(new ControlPlaneSettings { Nodes = ControlPlaneHost.Tailnet().Nodes });

    static async Task<int[]> StatusesAsync(ControlPlaneHost host, int requests)
    {
        var statuses = new int[requests];
        for (var i = 0; i < requests; i++)
            statuses[i] = (await host.GetAsync(Path)).Status;
        return statuses;
    }

    static async Task<HttpResponseMessage> HeadAsync(ControlPlaneHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + host.ApiKey);
        return await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    static async Task<(long Bytes, Exception? Failure)> ReadAsync(HttpResponseMessage response)
    {
        var total = 0L;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[4096];
            for (int read; (read = await body.ReadAsync(buffer).AsTask().WaitAsync(Patience)) > 0;)
                total += read;
            return (total, null);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return (total, e);
        }
    }

    static async Task UntilAsync(Func<bool> isSo)
    {
        var patience = Stopwatch.StartNew();
        while (!isSo() && patience.Elapsed < Patience)
            await Task.Yield();
    }
}
