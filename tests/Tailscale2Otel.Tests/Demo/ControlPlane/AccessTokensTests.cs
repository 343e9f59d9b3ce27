using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Demo.ControlPlane;

namespace Tailscale2Otel.Tests.Demo.ControlPlane;

[TestFixture]
public sealed class AccessTokensTests
{
    const string Token = "/api/v2/oauth/token";
    const string Exchange = "/api/v2/oauth/token-exchange";
    const string Devices = "/api/v2/tailnet/-/devices";

    static readonly string[] Members = ["access_token", "token_type", "expires_in", "scope"];

    [Test]
    public async Task A_client_gets_a_token_for_an_hour_in_the_documented_form()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var credentials = host.Server.Credentials;

        var reply = await host.FormAsync(
            Token, ("client_id", credentials.ClientId), ("client_secret", credentials.ClientSecret.Reveal()), ("grant_type", "client_credentials"), ("scope", "logs:network:read devices:core:read"));

        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
        Assert.That(reply.Json.EnumerateObject().Select(m => m.Name), Is.EqualTo(Members));
        Assert.That(reply.Json.GetProperty("expires_in").GetInt32(), Is.EqualTo(3600));
        Assert.That(reply.Json.GetProperty("token_type").GetString(), Is.EqualTo("Bearer"));
        Assert.That(reply.Json.GetProperty("scope").GetString(), Is.EqualTo("logs:network:read devices:core:read"));
        Assert.That(reply.Json.GetProperty("access_token").GetString(), Does.StartWith("tskey-api-"));
    }

    [Test]
    public async Task The_secret_may_come_alone_or_in_a_header_and_a_wrong_one_is_told_in_plain_text()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var secret = host.Server.Credentials.ClientSecret.Reveal();
        using var basic = new HttpRequestMessage(HttpMethod.Post, Token) { Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]) };
        basic.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{host.Server.Credentials.ClientId}:{secret}")));

        Assert.That((await host.FormAsync(Token, ("client_secret", secret))).Status, Is.EqualTo(200));
        Assert.That((await host.SendAsync(basic)).Status, Is.EqualTo(200));
        foreach (var reply in new[] { await host.FormAsync(Token, ("client_secret", secret + "x")), await host.FormAsync(Token, ("client_secret", secret), ("client_id", "another")), await host.FormAsync(Token) })
        {
            Assert.That((reply.Status, reply.MediaType), Is.EqualTo((401, "text/plain")));
            Assert.That(() => reply.Json, Throws.InstanceOf<JsonException>());
        }

        Assert.That((await host.FormAsync(Token, ("client_secret", secret), ("grant_type", "password"))).Status, Is.EqualTo(400));
        Assert.That((await host.SendAsync(HttpMethod.Post, Token, "{}")).Status, Is.EqualTo(400), "JSON in place of a form");
    }

    [Test]
    public async Task A_client_gives_away_no_scope_that_it_has_not_got()
    {
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneSettings { ClientScopes = ["devices:core", "logs:network:read"] });
        var secret = host.Server.Credentials.ClientSecret.Reveal();

        Assert.That((await host.FormAsync(Token, ("client_secret", secret), ("scope", "devices:core:read"))).Status, Is.EqualTo(200));
        Assert.That((await host.FormAsync(Token, ("client_secret", secret), ("scope", "logs:network:read all:read"))).Status, Is.EqualTo(400));
        Assert.That((await host.FormAsync(Token, ("client_secret", secret))).Json.GetProperty("scope").GetString(), Is.EqualTo("devices:core logs:network:read"), "all of the client's");
    }

    [Test]
    public async Task A_token_ends_after_an_hour_of_the_servers_clock()
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var token = await host.TokenAsync("all:read");
        host.Time.Advance(TimeSpan.FromSeconds(3599));
        Assert.That((await host.GetAsync(Devices, token)).Status, Is.EqualTo(200));

        host.Time.Advance(TimeSpan.FromSeconds(1));
        var late = await host.GetAsync(Devices, token);

        Assert.That((late.Status, late.Message), Is.EqualTo((401, "API token invalid")));
        Assert.That((await host.GetAsync(Devices)).Status, Is.EqualTo(200), "an API key stays");
        var second = await host.TokenAsync("all:read");
        host.Server.Clock.Offset = TimeSpan.FromHours(1);
        Assert.That((await host.GetAsync(Devices, second)).Status, Is.EqualTo(401), "it is the server's clock that counts");
    }

    [Test]
    public async Task A_workloads_token_is_exchanged_or_refused_as_documented()
    {
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneSettings { FederatedScopes = ["devices:core:read"] });
        var (client, jwt) = (host.Server.Credentials.FederatedClientId, host.Server.Credentials.Jwt.Reveal());

        Assert.That((await host.FormAsync(Exchange, ("client_id", "another"), ("jwt", jwt))).Status, Is.EqualTo(400));
        Assert.That((await host.FormAsync(Exchange, ("client_id", client))).Status, Is.EqualTo(400));
        Assert.That((await host.FormAsync(Exchange, ("client_id", client), ("jwt", jwt + "x"))).Status, Is.EqualTo(403));
        var reply = await host.FormAsync(Exchange, ("client_id", client), ("jwt", jwt));
        Assert.That(reply.Json.GetProperty("expires_in").GetInt32(), Is.EqualTo(3600));
        var token = reply.Json.GetProperty("access_token").GetString()!;
        Assert.That((await host.GetAsync(Devices, token)).Status, Is.EqualTo(200));
        Assert.That((await host.GetAsync("/api/v2/tailnet/-/settings", token)).Status, Is.EqualTo(403), "its scopes are fixed");
    }

    [TestCase("Bearer {0}", 200)]
    [TestCase("bearer {0}", 200)]
    [TestCase("Basic {0}:", 200)]
    [TestCase("Basic x:{0}", 401)]
    [TestCase("Bearer {0}x", 401)]
    [TestCase("{0}", 401)]
    [TestCase("", 401)]
    public async Task An_api_key_is_a_bearer_token_or_the_user_of_Basic(string form, int status)
    {
        await using var host = await ControlPlaneHost.StartAsync();
        var header = string.Format(form, host.ApiKey);
        if (header.StartsWith("Basic ", StringComparison.Ordinal))
            header = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(header["Basic ".Length..]));
        using var request = new HttpRequestMessage(HttpMethod.Get, Devices);
        if (header.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", header);

        Assert.That((await host.SendAsync(request)).Status, Is.EqualTo(status));
    }

    [TestCase("GET", "/api/v2/tailnet/-/logging/network", "logs:network:read", "logs:configuration:read")]
    [TestCase("GET", "/api/v2/tailnet/-/logging/configuration", "logs:configuration:read", "logs:network:read")]
    [TestCase("GET", "/api/v2/tailnet/-/devices", "devices:core:read", "devices:posture_attributes:read")]
    [TestCase("GET", "/api/v2/device/n1/attributes", "devices:posture_attributes:read", "devices:core:read")]
    [TestCase("GET", "/api/v2/device/n1/device-invites", "device_invites:read", "devices:core:read")]
    [TestCase("GET", "/api/v2/tailnet/-/settings", "feature_settings:read", "logs:network:read")]
    [TestCase("PATCH", "/api/v2/tailnet/-/settings", "feature_settings", "feature_settings:read")]
    [TestCase("GET", "/api/v2/tailnet/-/logging/network/stream", "log_streaming:read", "logs:network:read")]
    [TestCase("GET", "/api/v2/tailnet/-/logging/network/stream/status", "log_streaming:read", "logs:network:read")]
    [TestCase("PUT", "/api/v2/tailnet/-/logging/network/stream", "log_streaming", "log_streaming:read")]
    [TestCase("DELETE", "/api/v2/tailnet/-/logging/network/stream", "log_streaming", "all:read")]
    public async Task An_endpoint_wants_its_own_scope(string method, string path, string scope, string other)
    {
        await using var host = await ControlPlaneHost.StartAsync();

        var refused = await host.SendAsync(new HttpMethod(method), path, "{}", await host.TokenAsync(other));

        Assert.That(refused.Status, Is.EqualTo(403));
        Assert.That(refused.Message, Does.EndWith(scope));
        Assert.That((await host.SendAsync(new HttpMethod(method), path, "{}", await host.TokenAsync(scope))).Status, Is.Not.EqualTo(403));
        Assert.That((await host.SendAsync(new HttpMethod(method), path, "{}", await host.TokenAsync("all"))).Status, Is.Not.EqualTo(403));
        if (method == "GET")
            Assert.That((await host.SendAsync(new HttpMethod(method), path, null, await host.TokenAsync("all:read"))).Status, Is.Not.EqualTo(403));
    }
}
