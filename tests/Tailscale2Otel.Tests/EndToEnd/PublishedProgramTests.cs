using System.Runtime.Versioning;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Tests.Architecture;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>What publishing can take away: properties, attributes, names and code that only reflection leads to.</summary>
[UnsupportedOSPlatform("windows")]
sealed class PublishedProgramTests
{
    const string Event = """
        {"time":1700000000,"event":{"nodeId":"n1","start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:05Z","virtualTraffic":[{"proto":6,"src":"100.64.0.1:1","dst":"100.64.0.2:443","txPkts":1,"txBytes":2}]}}
        """;

    /// <summary>Each key with its type, default, limits and words, in the order of the source.</summary>
    [Test]
    public async Task Knows_every_option_as_the_documentation_does()
    {
        var (code, output, error) = await RunAsync(["docs", "configuration"]);

        Assert.That(code, Is.EqualTo(ExitCode.Ok), error);
        Assert.That(output, Is.EqualTo(await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "configuration.md"))));
    }

    [Test]
    public async Task Finds_wrong_what_the_built_one_does()
    {
        var error = await AsBuiltAsync(ExitCode.Failed, ["validate", "--json"], """
            log_level: loud
            spool: {sync: sometimes, max_bytes: 1, retention: 99999h}
            otlp: {headers: {authorization: "Bearer hunter2hunter2"}, protocl: grpc}
            streaming:
              routes:
                - {path: /one, tailnet: one.example, token: [hunter2hunter2]}
                - {path: two, tailnet: zwei.example, colour: blue}
            tailnets:
              - {name: one.example, http: {timeout: 10s, retry: {max_attempts: 99}}}
            """);

        Assert.That(error, Does.Contain("retry.max_attempts"));
    }

    [Test]
    public async Task Reads_values_of_every_kind_as_the_built_one_does()
    {
        var values = await AsBuiltAsync(ExitCode.Ok, ["config", "--format", "json"], """
            log_level: debug
            spool: {sync: interval, max_bytes: 1GiB, retention: 90h}
            resource: {attributes: {a: b}}
            otlp: {headers: {authorization: "Bearer hunter2hunter2"}, protocol: grpc}
            streaming:
              enabled: true
              routes:
                - {path: /one, tailnet: one.example, token: [hunter2hunter2]}
                - {path: /two, tailnet: two.example, token: hunter2hunter3}
            tailnets:
              - {name: one.example, http: {timeout: 10s, retry: {max_attempts: 9}}}
              - {name: two.example}
            """);

        Assert.That(values, Does.Contain("\"max_attempts\": 9"));
    }

    [TestCase("http")]
    [TestCase("grpc")]
    public async Task Takes_and_delivers_over_TLS_in_either_protocol(string protocol)
    {
        using var folder = new TemporaryFolder();
        using var certificates = new OtlpCertificates();
        await using var backend = await OtlpReceiver.StartAsync(new OtlpReceiverSettings { Certificates = certificates, RequireClientCertificate = true });
        await using var daemon = await DaemonProcess.StartAsync(
            folder.Path,
            protocol == "http" ? backend.HttpEndpoint : backend.GrpcEndpoint,
            new Dictionary<string, string>
            {
                ["OTLP__PROTOCOL"] = protocol,
                ["OTLP__COMPRESSION"] = "gzip",
                ["OTLP__TLS__CA_FILE"] = certificates.CaFile,
                ["OTLP__TLS__CERT_FILE"] = certificates.ClientCertFile,
                ["OTLP__TLS__KEY_FILE"] = certificates.ClientKeyFile,
                ["STREAMING__TLS__CERT_FILE"] = certificates.ServerCertFile,
                ["STREAMING__TLS__KEY_FILE"] = certificates.ServerKeyFile,
            },
            await PublishedDaemon.PathAsync());
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificates.Issued(certificate!) };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(daemon.Hec) { Scheme = "https" }.Uri);
        request.Headers.TryAddWithoutValidation("Authorization", $"Splunk {DaemonProcess.Token}");
        request.Content = new StringContent(Event);
        using var answer = await client.SendAsync(request);

        Assert.That(answer.IsSuccessStatusCode, Is.True, daemon.Output);
        Assert.That(await backend.WaitForRecordsAsync(1), Has.Count.EqualTo(1), daemon.Output);
        await backend.WaitForMetricAsync("tailscale2otel.up");
        Assert.That(await daemon.StopAsync(), Is.EqualTo(ExitCode.Ok));
    }

    static async Task<string> AsBuiltAsync(int code, string[] command, string yaml)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("config.yaml");
        await File.WriteAllTextAsync(file, yaml);
        string[] arguments = [.. command, "--config", file];

        var published = await RunAsync(arguments);
        using var built = CommandProcess.Start(arguments);

        Assert.That(published, Is.EqualTo(await built.ExitAsync()));
        Assert.That(published.Code, Is.EqualTo(code), published.Error);
        Assert.That(published.Output + published.Error, Does.Not.Contain("hunter2"));
        return published.Output;
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments)
    {
        using var command = CommandProcess.StartProgram(await PublishedDaemon.PathAsync(), arguments);
        return await command.ExitAsync();
    }
}
