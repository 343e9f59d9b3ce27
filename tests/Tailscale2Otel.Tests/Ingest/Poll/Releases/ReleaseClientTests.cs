using Microsoft.AspNetCore.Http;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Ingest.Poll.Releases;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;
using Tailscale2Otel.Tests.Tailscale;

namespace Tailscale2Otel.Tests.Ingest.Poll.Releases;

public sealed class ReleaseClientTests
{
    [TestCase("""{"Tarballs":{"amd64":"tailscale_1.98.4_amd64.tgz"},"TarballsVersion":"1.98.4","Version":"1.98.4"}""", "1.98.4")]
    [TestCase("""{"Version":"1.98.4","Nested":{"Version":"9.9.9"}}""", "1.98.4")]
    public async Task Reads_the_version(string json, string version) =>
        Assert.That(await AskAsync(ApiAnswers.Json(json)), Is.EqualTo((version, (PollFailure?)null)));

    [TestCase("""{"TarballsVersion":"1.98.4"}""")]
    [TestCase("""{"Version":null}""")]
    [TestCase("[]")]
    [TestCase("<html>")]
    [TestCase("")]
    public async Task Takes_no_answer_without_one(string body) =>
        Assert.That((await AskAsync(ApiAnswers.Json(body))).Failure!.Message, Does.Contain("answered something else than a JSON object with a member Version"));

    [Test]
    public async Task Shows_nothing_long_that_it_was_answered() =>
        Assert.That((await AskAsync(ApiAnswers.Json($$"""{"Version":"{{new string('1', 100)}}"}"""))).Failure!.Message, Does.Not.Contain("111"));

    [TestCase(404)]
    [TestCase(302)]
    [TestCase(500)]
    public async Task Says_what_else_was_answered(int status) =>
        Assert.That((await AskAsync(ApiAnswers.Status(status, ""))).Failure!.Message, Does.Contain($"version_checks.devices.url answered {status}"));

    [Test]
    public async Task Reads_no_more_than_a_megabyte() =>
        Assert.That((await AskAsync(ApiAnswers.Json($$"""{"Padding":"{{new string('x', 1024 * 1024)}}","Version":"1.98.4"}"""))).Failure!.Message, Does.Contain("over 1048576 bytes"));

    [Test]
    public async Task Says_when_nobody_answers()
    {
        using var client = new ReleaseClient(new ReleaseOptions { Url = $"http://127.0.0.1:{FreePort.Next()}/" }, new VersionCheckOptions(), TimeProvider.System, ApiTransport.CreateHandler());

        Assert.That((await client.AskAsync(default)).Failure!.Message, Does.Contain("version_checks.devices.url").And.Not.Contain("tailscale.api_url"));
    }

    [Test]
    public async Task Sends_no_credential()
    {
        await using var server = await ApiServer.StartAsync();
        server.Answer("/stable/", ApiAnswers.Json("""{"Version":"1.98.4"}"""));
        using var client = Client(server);

        await client.AskAsync(default);

        Assert.That(server.Requests.Single(), Has.Property("Authorization").Empty.And.Property("Query").EqualTo("?mode=json"));
    }

    static async Task<(string Version, PollFailure? Failure)> AskAsync(RequestDelegate answer)
    {
        await using var server = await ApiServer.StartAsync();
        server.Answer("/stable/", answer);
        using var client = Client(server);
        return await client.AskAsync(default);
    }

    static ReleaseClient Client(ApiServer server) =>
        new(new ReleaseOptions { Url = $"{server.Url}stable/?mode=json" }, new VersionCheckOptions(), TimeProvider.System, ApiTransport.CreateHandler());
}
