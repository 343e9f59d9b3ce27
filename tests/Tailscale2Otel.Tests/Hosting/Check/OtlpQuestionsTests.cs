using Tailscale2Otel.Cli;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Check;

/// <summary>The endpoints are asked over real sockets, with everything that the daemon would send them but data.</summary>
[TestFixture]
public sealed class OtlpQuestionsTests
{
    const string Key = "the-secret-otlp-key";

    [TestCase("http", "none")]
    [TestCase("http", "gzip")]
    [TestCase("grpc", "none")]
    [TestCase("grpc", "gzip")]
    public async Task One_empty_request_each_goes_out_as_the_daemon_sends_it(string protocol, string compression)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var check = new SomeCheck(
            ("OTLP__PROTOCOL", protocol), ("OTLP__ENDPOINT", Endpoint(receiver, protocol)), ("OTLP__COMPRESSION", compression), ("OTLP__HEADERS__X_API_KEY", Key));

        var (code, output, _) = await check.RunAsync(null, isJson: false, default);

        Assert.That(code, Is.EqualTo(ExitCode.Ok), output);
        Assert.That(receiver.Requests, Has.Count.EqualTo(2));
        Assert.Multiple(() =>
        {
            Assert.That(receiver.Requests.Select(r => r.Headers.GetValueOrDefault("x-api-key")), Is.All.EqualTo(Key));
            Assert.That(receiver.Requests.Select(r => r.Encoding), Is.All.EqualTo(compression == "none" ? "identity" : compression));
            Assert.That(receiver.Requests.Select(r => r.MessageBytes), Is.All.Zero);
            Assert.That(receiver.Requests.Count(r => r.Logs is not null), Is.EqualTo(1));
        });
    }

    [TestCase("http", 401, "HTTP 401", "otlp.headers")]
    [TestCase("http", 403, "HTTP 403", "otlp.headers")]
    [TestCase("http", 404, "HTTP 404", "nothing takes OTLP at /v1/")]
    [TestCase("http", 307, "HTTP 307", "redirect")]
    [TestCase("http", 400, "HTTP 400", "does not take OTLP")]
    [TestCase("http", 415, "HTTP 415", "look into the backend's log")]
    [TestCase("http", 429, "HTTP 429", "limits the rate")]
    [TestCase("http", 503, "HTTP 503", "not ready")]
    [TestCase("grpc", 16, "gRPC status 16", "otlp.headers")]
    [TestCase("grpc", 7, "gRPC status 7", "otlp.headers")]
    [TestCase("grpc", 12, "gRPC status 12", "no OTLP service")]
    [TestCase("grpc", 14, "gRPC status 14", "not ready")]
    public async Task A_refusal_is_named_and_says_what_to_do(string protocol, int status, string detail, string toDo)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        // A backend may repeat what it was sent.
        receiver.Decide = _ => protocol == "http" ? OtlpAnswer.Status(status, $"bad key {Key}") : OtlpAnswer.Grpc(status, $"bad key {Key}");
        using var check = new SomeCheck(("OTLP__PROTOCOL", protocol), ("OTLP__ENDPOINT", Endpoint(receiver, protocol)), ("OTLP__HEADERS__X_API_KEY", Key));

        Assert.That(await check.RunAsync(), Is.EqualTo(ExitCode.ExportFailed));

        var row = check.Row("otlp_logs");
        Assert.Multiple(() =>
        {
            Assert.That(row.State, Is.EqualTo("failed"));
            Assert.That(row.Detail, Does.EndWith(detail));
            Assert.That(row.ToDo, Does.Contain(toDo).And.EndWith("It says: bad key ***"));
            Assert.That(check.Text + check.Json + check.Error, Does.Not.Contain(Key));
            Assert.That(receiver.Requests, Has.Count.EqualTo(4), "two signals in two checks, one attempt each");
        });
    }

    [Test]
    public async Task A_signal_of_its_own_is_asked_where_it_goes_and_named_by_its_key()
    {
        await using var logs = await OtlpReceiver.StartAsync();
        await using var metrics = await OtlpReceiver.StartAsync();
        metrics.Decide = _ => OtlpAnswer.Grpc(12);
        using var check = new SomeCheck(
            ("OTLP__PROTOCOL", "http"), ("OTLP__ENDPOINT", Endpoint(logs, "http")), ("OTLP__METRICS__PROTOCOL", "grpc"), ("OTLP__METRICS__ENDPOINT", Endpoint(metrics, "grpc")));

        Assert.That(await check.RunAsync(), Is.EqualTo(ExitCode.ExportFailed));
        Assert.That(check.Row("otlp_logs").State, Is.EqualTo("ok"));
        Assert.That(check.Row("otlp_metrics").ToDo, Does.Contain("otlp.metrics.endpoint"));
        Assert.That(logs.Requests.Select(r => r.Path), Is.All.EqualTo("/v1/logs"));
    }

    [TestCase("http")]
    [TestCase("grpc")]
    public async Task A_port_where_nobody_listens_is_named(string protocol)
    {
        using var check = new SomeCheck(("OTLP__PROTOCOL", protocol), ("OTLP__ENDPOINT", $"http://127.0.0.1:{FreePort.Next()}"));

        Assert.That(await check.RunAsync(), Is.EqualTo(ExitCode.ExportFailed));
        Assert.That(check.Row("otlp_logs").Detail, Does.EndWith("cannot be connected"));
        Assert.That(check.Row("otlp_logs").ToDo, Does.Contain("start the backend").And.Contain("Connection refused"));
    }

    [Test]
    public async Task A_name_that_does_not_exist_is_named()
    {
        using var check = new SomeCheck(("OTLP__PROTOCOL", "http"), ("OTLP__ENDPOINT", "http://no-such-host.invalid:4318"));

        Assert.That(await check.RunAsync(), Is.EqualTo(ExitCode.ExportFailed));
        Assert.That(check.Row("otlp_metrics").Detail, Does.EndWith("the name no-such-host.invalid cannot be resolved"));
    }

    [TestCase("http")]
    [TestCase("grpc")]
    public async Task A_certificate_of_an_unknown_authority_is_named(string protocol)
    {
        using var certificates = new OtlpCertificates();
        await using var receiver = await OtlpReceiver.StartAsync(new OtlpReceiverSettings { Certificates = certificates });
        using var check = new SomeCheck(("OTLP__PROTOCOL", protocol), ("OTLP__ENDPOINT", Endpoint(receiver, protocol)));
        using var trusting = new SomeCheck(("OTLP__PROTOCOL", protocol), ("OTLP__ENDPOINT", Endpoint(receiver, protocol)), ("OTLP__TLS__CA_FILE", certificates.CaFile));

        Assert.That(await check.RunAsync(), Is.EqualTo(ExitCode.ExportFailed));
        Assert.That(check.Row("otlp_logs").Detail, Does.EndWith("TLS failed"));
        Assert.That(check.Row("otlp_logs").ToDo, Does.Contain("otlp.tls.ca_file"));
        Assert.That(await trusting.RunAsync(), Is.EqualTo(ExitCode.Ok), trusting.Text);
    }

    [Test]
    public async Task Authorities_that_cannot_be_read_fail_the_export()
    {
        using var check = new SomeCheck(("OTLP__PROTOCOL", "http"), ("OTLP__ENDPOINT", "https://127.0.0.1:1"), ("OTLP__TLS__CA_FILE", Path.Combine(TestContext.CurrentContext.TestDirectory, "tailscale2otel.dll")));

        Assert.That(await check.RunAsync(), Is.EqualTo(ExitCode.ExportFailed));
        Assert.That(check.Row("otlp_logs").ToDo, Does.Contain("tailscale2otel.dll"));
    }

    [Test]
    public async Task The_wrong_protocol_for_a_port_is_named()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var check = new SomeCheck(("OTLP__PROTOCOL", "grpc"), ("OTLP__ENDPOINT", Endpoint(receiver, "http")));

        Assert.That(await check.RunAsync(), Is.EqualTo(ExitCode.ExportFailed));
        Assert.That(check.Row("otlp_logs").ToDo, Does.Contain("otlp.protocol"), check.Text);
    }

    [TestCase(200)]
    [TestCase(403)]
    public async Task A_sign_in_page_is_no_backend(int status)
    {
        await using var portal = await ScriptedServer.StartAsync(c => ScriptedServer.WriteAsync(c, status, "<!DOCTYPE html><html><title>Guest network</title></html>", "text/html"));
        using var check = new SomeCheck(("OTLP__PROTOCOL", "http"), ("OTLP__ENDPOINT", portal.Address.ToString()));

        Assert.That(await check.RunAsync(), Is.EqualTo(ExitCode.ExportFailed));
        Assert.That(check.Row("otlp_logs").ToDo, Does.Contain("sign-in page").And.Contain("web page").And.Not.Contain("Guest"));
    }

    [Test]
    public async Task An_endpoint_that_does_not_answer_takes_no_longer_than_its_time_out()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Decide = _ => OtlpAnswer.Hang;
        using var check = new SomeCheck(("OTLP__PROTOCOL", "http"), ("OTLP__ENDPOINT", Endpoint(receiver, "http")), ("OTLP__TIMEOUT", "200ms"));

        Assert.That(await check.RunAsync(), Is.EqualTo(ExitCode.ExportFailed));
        Assert.That(check.Row("otlp_logs"), Is.EqualTo(("failed", $"http {Endpoint(receiver, "http")}v1/logs: no answer within 200ms", "see whether that is the right port (otlp.endpoint), and whether a firewall is between")));
    }

    [Test]
    public async Task What_goes_nowhere_or_to_the_console_is_not_probed()
    {
        using var check = new SomeCheck(("OTLP__METRICS__ENABLED", "false"));

        Assert.That(await check.RunAsync(), Is.EqualTo(ExitCode.Ok), check.Text);
        Assert.That(check.Row("otlp_logs"), Is.EqualTo(("not_used", "goes to standard output: not probed", "")));
        Assert.That(check.Row("otlp_metrics").Detail, Is.EqualTo("otlp.metrics.enabled is false"));
    }

    static string Endpoint(OtlpReceiver receiver, string protocol) => (protocol == "grpc" ? receiver.GrpcEndpoint : receiver.HttpEndpoint).ToString();
}
