using System.Text.Json;
using System.Text.RegularExpressions;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Check;

/// <summary>The command as a whole: its two forms, its exit codes, and that it ends.</summary>
[TestFixture]
public sealed partial class CheckCommandTests
{
    [Test]
    public async Task The_table_reads_like_this()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Decide = r => r.Logs is null ? OtlpAnswer.Status(404) : OtlpAnswer.Ok;
        using var check = new SomeCheck(
            ("OTLP__PROTOCOL", "http"), ("OTLP__ENDPOINT", receiver.HttpEndpoint.ToString()), ("STREAMING__ENABLED", "true"), ("STREAMING__TOKEN", DaemonVariables.Token), ("WEBHOOK__ENABLED", "true"));

        var code = await check.RunAsync();

        var text = Size().Replace(check.Text.Replace(check.Spool, "/spool").Replace(receiver.HttpEndpoint.Authority, "collector:4318"), "N GiB,");
        Assert.That(Column().Replace(text, " "), Is.EqualTo("""
            WHAT STATE DETAIL
            configuration ok valid
            spool directory ok /spool is not there yet and can be made
            free disk space ok N GiB, of which 64.0 MiB are left alone
            log stream receiver ok :8088/services/collector/event, token set
            webhook receiver missing :8089/tailscale/webhook has no secret and answers 403 to everything
            admin listener ok 127.0.0.1:9091
            API credential not used no credential is set, so that the Tailscale API is not used
            OTLP logs ok http http://collector:4318/v1/logs accepted an empty request
            OTLP metrics failed http http://collector:4318/v1/metrics: HTTP 404

            What to do:
             webhook receiver: set webhook.secret, or listen on a loopback address: webhook.listen
             OTLP metrics: nothing takes OTLP at /v1/metrics: otlp.endpoint is the base, to which /v1/logs and /v1/metrics are added; otlp.metrics.endpoint is used as it is. It says: Not Found

            2 of the 8 things that the configuration uses do not work (exit code 1).

            """));
        Assert.That(code, Is.EqualTo(ExitCode.Failed), "the lowest");
    }

    [Test]
    public async Task The_columns_stand_under_each_other()
    {
        using var check = new SomeCheck();

        await check.RunAsync();

        var lines = check.Text.Split('\n').TakeWhile(l => l.Length > 0).ToList();
        var (state, detail) = (lines[0].IndexOf("STATE", StringComparison.Ordinal), lines[0].IndexOf("DETAIL", StringComparison.Ordinal));
        Assert.That(lines.Select(l => (l[state - 1], l[detail - 1])), Is.All.EqualTo((' ', ' ')));
        Assert.That(lines.Select(l => l[state]), Has.None.EqualTo(' '));
        Assert.That(check.Text, Does.EndWith("Everything that the configuration uses works.\n"));
    }

    [Test]
    public async Task Programs_get_JSON_with_a_version()
    {
        using var check = new SomeCheck();

        Assert.That(await check.RunAsync(), Is.EqualTo(ExitCode.Ok));

        using var json = JsonDocument.Parse(check.Json);
        Assert.Multiple(() =>
        {
            Assert.That(json.RootElement.GetProperty("schema_version").GetInt32(), Is.EqualTo(1));
            Assert.That(json.RootElement.GetProperty("version").GetString(), Is.EqualTo(ProductInfo.Version));
            Assert.That(json.RootElement.GetProperty("ok").GetBoolean(), Is.True);
            Assert.That(json.RootElement.GetProperty("exit_code").GetInt32(), Is.Zero);
            Assert.That(check.Row("configuration"), Is.EqualTo(("ok", "valid", "")));
            Assert.That(json.RootElement.GetProperty("checks")[0].EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "id", "tailnet", "what", "state", "detail", "to_do" }));
        });
    }

    [Test]
    public async Task An_invalid_configuration_is_told_and_nothing_is_tried()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var check = new SomeCheck(("OTLP__PROTOCOL", "http"), ("OTLP__ENDPOINT", receiver.HttpEndpoint.ToString()));
        var file = check.File("bad.yaml", "log_level: loud\n");

        Assert.That(await check.RunAsync(file), Is.EqualTo(ExitCode.Failed));
        Assert.That(check.Error, Does.StartWith("error: ").And.Contain("log_level"));
        Assert.That(check.Row("configuration"), Is.EqualTo(("failed", "1 error; nothing else was tried", "tailscale2otel validate shows what is allowed")), check.Error);
        Assert.That(receiver.Requests, Is.Empty);
    }

    [Test]
    public async Task It_ends_at_its_time_limit_when_everything_hangs()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Decide = _ => OtlpAnswer.Hang;
        using var check = new SomeCheck(("OTLP__PROTOCOL", "http"), ("OTLP__ENDPOINT", receiver.HttpEndpoint.ToString()), ("OTLP__TIMEOUT", "10m")) { Timeout = TimeSpan.FromSeconds(3) };

        Assert.That(await check.RunAsync().WaitAsync(SomeCheck.Patience), Is.EqualTo(ExitCode.ExportFailed));
        Assert.That(check.Row("otlp_logs"), Is.EqualTo(("unknown", "no answer within 3s", "")));
        Assert.That(check.Row("spool").State, Is.EqualTo("ok"), "what was known is told");
    }

    [Test]
    public async Task Ctrl_C_ends_it_with_what_is_known()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Decide = r => r.Logs is null ? OtlpAnswer.Hang : OtlpAnswer.Ok;
        using var check = new SomeCheck(("OTLP__PROTOCOL", "http"), ("OTLP__ENDPOINT", receiver.HttpEndpoint.ToString()), ("OTLP__TIMEOUT", "10m"));
        using var stop = new CancellationTokenSource();

        var run = check.RunAsync(null, isJson: false, stop.Token);
        await receiver.WaitForRequestsAsync(2);
        await stop.CancelAsync();

        var (code, output, _) = await run.WaitAsync(SomeCheck.Patience);
        Assert.That(code, Is.EqualTo(ExitCode.ExportFailed));
        Assert.That(output, Does.Match("OTLP metrics +unknown +stopped before there was an answer"));
    }

    [Test]
    public async Task The_process_prints_the_table_and_ends_with_the_code()
    {
        using var check = new SomeCheck();
        using var process = CommandProcess.Start(["check"], ("OTLP__ENDPOINT", $"http://127.0.0.1:{FreePort.Next()}"), ("SPOOL__DIRECTORY", check.Spool));

        var (code, output, error) = await process.ExitAsync();

        Assert.That((code, error), Is.EqualTo((ExitCode.ExportFailed, "")));
        Assert.That(output, Does.StartWith("WHAT").And.Contain("cannot be connected"));
    }

    [GeneratedRegex(@"[\d.]+ [KMGTP]iB,")]
    private static partial Regex Size();

    [GeneratedRegex("  +")]
    private static partial Regex Column();
}
