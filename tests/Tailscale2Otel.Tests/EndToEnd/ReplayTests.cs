using System.Text.Json;
using System.Text.RegularExpressions;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>The spool commands as processes, beside a daemon process that goes on receiving, delivering and deleting.</summary>
public sealed class ReplayTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    static readonly Dictionary<string, string> SmallSegments = new() { ["SPOOL__SEGMENT_BYTES"] = "65536", ["DELIVERY__MAX_BATCH_RECORDS"] = "100" };

    [Test]
    public async Task What_was_delivered_once_arrives_again_with_the_same_uids_while_the_daemon_works()
    {
        using var folder = new TemporaryFolder();
        await using var first = await OtlpReceiver.StartAsync();
        await using var second = await OtlpReceiver.StartAsync();
        await using var daemon = await DaemonProcess.StartAsync(folder.Path, first.HttpEndpoint, SmallSegments);
        using var load = new FlowLoad { Target = daemon.Hec };
        using var enough = new CancellationTokenSource();
        var sending = load.RunAsync(2, enough.Token);
        await first.WaitForRecordsAsync(1_000, Patience);
        var spool = Path.Combine(folder.Path, "spool");

        var looks = await RunAsync(first, "spool", "inspect", "--spool", spool, "--json", "--records");
        var verified = await RunAsync(first, "spool", "verify", "--spool", spool);
        var dry = await RunAsync(first, "replay", "--spool", spool, "--dry-run");
        var replayed = await RunAsync(first, "replay", "--spool", spool, "--otlp", second.HttpEndpoint.ToString());
        await enough.CancelAsync();
        await sending;

        Assert.That(looks.Code, Is.Zero, looks.Error);
        using var report = JsonDocument.Parse(looks.Output);
        Assert.That(report.RootElement.GetProperty("daemon").GetString(), Is.EqualTo("running"));
        Assert.That(report.RootElement.GetProperty("process").GetInt32(), Is.EqualTo(daemon.Id));
        Assert.That(report.RootElement.GetProperty("records").GetInt64(), Is.GreaterThanOrEqualTo(1_000));
        Assert.That(report.RootElement.GetProperty("damage").GetArrayLength(), Is.Zero);
        Assert.That((verified.Code, verified.Error), Is.EqualTo((0, "")), verified.Output);
        Assert.That(verified.Output, Does.EndWith(": sound\n"));
        Assert.That((dry.Code, dry.Error), Is.EqualTo((0, "")), dry.Output);
        Assert.That(replayed.Code, Is.Zero, replayed.Error);

        Assert.That(second.LogRecords, Is.Not.Empty);
        var delivered = first.LogRecords.ToDictionary(Uid);
        foreach (var record in second.LogRecords)
        {
            var attributes = record.Attributes().ToDictionary();
            Assert.That(attributes.Remove("tailscale2otel.replayed", out var mark) ? mark : null, Is.True);
            Assert.That(attributes, Is.EquivalentTo(delivered[Uid(record)].Attributes()), "the record that was delivered, but for the mark");
            Assert.That(record.TimeUnixNano, Is.EqualTo(delivered[Uid(record)].TimeUnixNano));
        }

        Assert.That(second.LogRecords.Select(Uid), Is.Unique);
        Assert.That(await daemon.StopAsync(), Is.Zero, daemon.Output);
        Assert.That(first.LogRecords.Select(r => r.Attributes().ContainsKey("tailscale2otel.replayed")), Has.None.True);
    }

    [Test]
    public async Task Ctrl_C_stops_in_order_and_the_rest_is_sent_from_there()
    {
        using var folder = new TemporaryFolder();
        await using var first = await OtlpReceiver.StartAsync();
        await using var second = await OtlpReceiver.StartAsync();
        await using (var daemon = await DaemonProcess.StartAsync(folder.Path, first.HttpEndpoint, SmallSegments))
        {
            using var load = new FlowLoad { Target = daemon.Hec };
            using var enough = new CancellationTokenSource();
            var sending = load.RunAsync(1, enough.Token);
            await first.WaitForRecordsAsync(1_000, Patience);
            await enough.CancelAsync();
            await sending;
            Assert.That(await daemon.StopAsync(), Is.Zero);
        }

        string[] command = ["replay", "--spool", Path.Combine(folder.Path, "spool"), "--otlp", second.HttpEndpoint.ToString()];
        var taken = 0;
        second.Decide = _ => Interlocked.Increment(ref taken) <= 3 ? OtlpAnswer.Ok : OtlpAnswer.Hang;
        using var stopped = Start(second, command, ("SHUTDOWN__DELIVERY_GRACE", "100ms"), ("DELIVERY__MAX_IN_FLIGHT", "1"));
        await second.WaitForRequestsAsync(4, Patience);
        stopped.Interrupt();
        var (code, _, error) = await stopped.ExitAsync();

        Assert.That(code, Is.EqualTo(1), error);
        var goOn = Regex.Match(error, @"run the same again with (--from @\d+ --to @\d+)");
        Assert.That(goOn.Success, error);
        Assert.That(second.LogRecords, Has.Count.EqualTo(300));
        second.Decide = _ => OtlpAnswer.Ok;
        (code, _, error) = await RunAsync(second, [.. command, .. goOn.Groups[1].Value.Split(' ')]);

        Assert.That(code, Is.Zero, error);
        Assert.That(second.LogRecords.Select(Uid), Is.EquivalentTo(first.LogRecords.Select(Uid)), "all of it, and nothing twice");
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(OtlpReceiver backend, params string[] arguments)
    {
        using var process = Start(backend, arguments);
        return await process.ExitAsync();
    }

    static CommandProcess Start(OtlpReceiver backend, string[] arguments, params (string Key, string Value)[] settings) =>
        CommandProcess.Start(
            arguments, [.. SmallSegments.Select(s => (s.Key, s.Value)), ("OTLP__ENDPOINT", backend.HttpEndpoint.ToString()), ("LOG_LEVEL", "error"), .. settings]);

    static string Uid(LogRecord record) => (string)record.Attributes()["log.record.uid"]!;
}
