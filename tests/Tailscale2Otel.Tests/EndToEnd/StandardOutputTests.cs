using System.Diagnostics;
using System.Net;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary><c>otlp.protocol: stdout</c> into a pipe, with the reader that it has.</summary>
[TestFixture]
[Platform("Linux,MacOsX")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StandardOutputTests : IDisposable
{
    const string Token = "00000000-0000-0000-0000-0000000d0e0f";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TemporaryFolder _folder = new();
    readonly int _port = FreePort.Next();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task What_nobody_reads_is_not_delivered()
    {
        using var limit = new CancellationTokenSource(Patience);
        using (var deaf = await StartAsync(limit.Token))
        {
            deaf.StandardOutput.Close();
            await PostAsync("kept");
            await deaf.WaitForExitAsync(limit.Token);
            Assert.That(deaf.ExitCode, Is.EqualTo(ExitCode.Failed));
        }

        using var next = await StartAsync(limit.Token);
        while (await next.StandardOutput.ReadLineAsync(limit.Token) is { } line && !line.Contains("kept", StringComparison.Ordinal))
        {
            // What the metrics say comes in between.
        }

        Assert.That(limit.IsCancellationRequested, Is.False);
        Assert.That(next.HasExited, Is.False);
        next.Kill();
    }

    async Task<Process> StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "tailscale2otel")) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in new[]
        {
            ("OTLP__PROTOCOL", "stdout"), ("SPOOL__DIRECTORY", _folder.File("spool")), ("ADMIN__ENABLED", "false"),
            ("STREAMING__ENABLED", "true"), ("STREAMING__LISTEN", $"127.0.0.1:{_port}"), ("STREAMING__TOKEN", Token),
        })
            start.Environment["TS2OTEL_" + key] = value;
        var process = Process.Start(start)!;
        while (!(await process.StandardError.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("It ended before it was ready")).Contains("is ready", StringComparison.Ordinal))
        {
            // Warnings come first.
        }

        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        return process;
    }

    async Task PostAsync(string text)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{_port}/services/collector/event") { Content = new StringContent($$"""{"event":"{{text}}"}""") };
        request.Headers.TryAddWithoutValidation("Authorization", $"Splunk {Token}");
        using var response = await client.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}
