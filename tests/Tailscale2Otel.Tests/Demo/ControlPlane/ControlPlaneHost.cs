using System.Net.Http.Headers;
using System.Text;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Demo.ControlPlane;

/// <summary>A simulated control plane and a plain client that knows nothing of it but its address.</summary>
sealed class ControlPlaneHost : IAsyncDisposable
{
    ControlPlaneHost(SimulatedControlPlane server, ManualTime time)
    {
        (Server, Time) = (server, time);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Url };
    }

    public SimulatedControlPlane Server { get; }

    public ManualTime Time { get; }

    public HttpClient Http { get; }

    public string ApiKey => Server.Credentials.ApiKey.Reveal();

    public static async Task<ControlPlaneHost> StartAsync(ControlPlaneSettings? settings = null)
    {
        var time = new ManualTime(new DateTimeOffset(2026, 7, 27, 12, 1, 0, TimeSpan.Zero));
        return new ControlPlaneHost(await SimulatedControlPlane.StartAsync(settings ?? new ControlPlaneSettings(), time), time);
    }

    public static SimulatedTailnet Tailnet(int seed = 1) => new(8, seed);

    public static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", name));

    /// <param name="credential">Bearer; null is the API key and an empty one none.</param>
    public async Task<ControlPlaneReply> SendAsync(HttpMethod method, string path, string? json = null, string? credential = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if ((credential ?? ApiKey) is { Length: > 0 } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await SendAsync(request);
    }

    public async Task<ControlPlaneReply> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return new ControlPlaneReply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.MediaType ?? "");
    }

    public Task<ControlPlaneReply> GetAsync(string path, string? credential = null) => SendAsync(HttpMethod.Get, path, credential: credential);

    public async Task<ControlPlaneReply> FormAsync(string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
        return await SendAsync(request);
    }

    /// <summary>An access token with the scopes.</summary>
    public async Task<string> TokenAsync(string scopes)
    {
        var reply = await FormAsync("/api/v2/oauth/token", ("client_secret", Server.Credentials.ClientSecret.Reveal()), ("scope", scopes));
        return reply.Json.GetProperty("access_token").GetString()!;
    }

    /// <summary>The raw elements of <c>logs</c>.</summary>
    public async Task<string[]> LogsAsync(string type, string start, string end)
    {
        var reply = await GetAsync($"/api/v2/tailnet/-/logging/{type}?start={Uri.EscapeDataString(start)}&end={Uri.EscapeDataString(end)}");
        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
        return [.. reply.Json.GetProperty("logs").EnumerateArray().Select(r => r.GetRawText())];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
