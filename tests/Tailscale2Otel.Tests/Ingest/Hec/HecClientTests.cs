using System.Diagnostics;
using System.Runtime.CompilerServices;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <summary>Clients that others wrote.</summary>
public sealed class HecClientTests
{
    static readonly Lazy<string> Splunk = new(InstallSplunk);

    [Test]
    [Needs("curl")]
    public async Task Curl_posts_as_the_manual_shows([Values("", "gzip")] string encoding)
    {
        await using var host = await HecHost.StartAsync();
        using var folder = new TemporaryDirectory();
        var body = folder.Write("body", """{"event":"hello","sourcetype":"manual"}"""u8);
        if (encoding.Length > 0)
            body = folder.Write("body.gz", HecRequest.Gzip("""{"event":"hello","sourcetype":"manual"}"""u8));
        string[] arguments = ["-sS", "-H", $"Authorization: Splunk {HecHost.Token}", "--data-binary", "@" + body, $"http://127.0.0.1:{host.Port}/services/collector/event"];
        var answer = await RunAsync("curl", encoding.Length > 0 ? [.. arguments, "-H", $"Content-Encoding: {encoding}"] : arguments);
        Assert.That(answer, Is.EqualTo("""{"text":"Success","code":0}"""));
        Assert.That(host.Spool.Records.Single().Text, Is.EqualTo("\"hello\""));
    }

    [Test]
    [Needs("curl")]
    public async Task Curl_sees_the_answer_to_a_body_that_is_too_large()
    {
        await using var host = await HecHost.StartAsync(o => o.MaxBodyBytes = 100_000);
        using var folder = new TemporaryDirectory();
        var body = folder.Write("body", new byte[3_000_000]);
        foreach (var more in new[] { Array.Empty<string>(), ["-H", "Transfer-Encoding: chunked"], ["--http2-prior-knowledge"] })
        {
            var status = await RunAsync(
                "curl", ["-sS", "-o", folder.File("answer"), "-w", "%{http_code}", "-H", $"Authorization: Splunk {HecHost.Token}", "--data-binary", "@" + body, .. more, $"http://127.0.0.1:{host.Port}/services/collector"]);
            Assert.That(status, Is.EqualTo("413"), string.Join(' ', more));
        }
    }

    [Test]
    [Needs("node", "npm")]
    public async Task Splunk_s_own_client_delivers([Values(0, 1, 3)] int batch)
    {
        await using var host = await HecHost.StartAsync();
        var answer = await SendAsync(host, batch);
        Assert.That(answer, Does.Contain("""{"text":"Success","code":0}"""));
        Assert.That(
            host.Spool.Records.Select(r => r.Text).Order(),
            Is.EqualTo(Enumerable.Range(0, 3).Select(i => $$$"""{"message":{"number":{{{i}}}},"severity":"info"}""")));
        Assert.That(host.Spool.Records.Select(r => (r.Signal, r.MetadataText)), Has.All.Matches<(RecordSignal Signal, string Metadata)>(
            r => r.Signal == RecordSignal.StreamEvent && r.Metadata.Contains("\"sourcetype\":\"httpevent\"", StringComparison.Ordinal)));
    }

    [Test]
    [Needs("node", "npm")]
    public async Task Splunk_s_own_client_understands_a_refusal()
    {
        await using var host = await HecHost.StartAsync(o => o.Token = [new Secret("another")]);
        Assert.That(async () => await SendAsync(host, 3), Throws.Exception.With.Message.Contains("Invalid token"));
    }

    static Task<string> SendAsync(HecHost host, int batch) =>
        RunAsync("node", ["send.js", $"http://127.0.0.1:{host.Port}", HecHost.Token, $"{batch}"], Splunk.Value);

    /// <summary>The folder beside this file when its packages are installed, else a copy of it in which they are.</summary>
    static string InstallSplunk()
    {
        var source = Path.Combine(Path.GetDirectoryName(Here())!, "splunk-logging");
        if (Directory.Exists(Path.Combine(source, "node_modules")))
            return source;

        var copy = Directory.CreateTempSubdirectory("tailscale2otel-splunk-").FullName;
        foreach (var name in new[] { "package.json", "package-lock.json", "send.js" })
            File.Copy(Path.Combine(source, name), Path.Combine(copy, name));
        RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], copy).GetAwaiter().GetResult();
        return copy;
    }

    static string Here([CallerFilePath] string path = "") => path;

    static async Task<string> RunAsync(string tool, string[] arguments, string? folder = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var process = Process.Start(new ProcessStartInfo(NeedsAttribute.Find(tool)!, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        })!;
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{tool} ended with {process.ExitCode}: {await errors}");
    }

    sealed class TemporaryDirectory : IDisposable
    {
        readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tailscale2otel-curl-");

        public string File(string name) => Path.Combine(_folder.FullName, name);

        public string Write(string name, ReadOnlySpan<byte> bytes)
        {
            System.IO.File.WriteAllBytes(File(name), bytes);
            return File(name);
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
