using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>The daemon as a process that is killed again and again in the middle of signed deliveries.</summary>
public sealed class WebhookKillTests
{
    const int Deliveries = 10_000;
    const int Rounds = 6;
    const int Senders = 8;
    const int BatchRecords = 100;
    const int InFlight = 2;

    [Test]
    public async Task Ten_thousand_deliveries_under_sigkill_arrive_once_each()
    {
        using var folder = new TemporaryFolder();
        await using var backend = await OtlpReceiver.StartAsync();
        var listen = $"127.0.0.1:{FreePort.Next()}";
        Dictionary<string, string> settings = new()
        {
            ["WEBHOOK__ENABLED"] = "true",
            ["WEBHOOK__LISTEN"] = listen,
            ["WEBHOOK__SECRET"] = SignedDelivery.Secret,
            ["WEBHOOK__MAX_CONCURRENT_REQUESTS"] = $"{Senders}",
            ["DELIVERY__MAX_BATCH_RECORDS"] = $"{BatchRecords}",
            ["DELIVERY__MAX_IN_FLIGHT"] = $"{InFlight}",
            ["SPOOL__SEGMENT_BYTES"] = "1048576",
        };
        using var load = new WebhookLoad(new Uri($"http://{listen}/tailscale/webhook"), Deliveries);
        using var enough = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var random = new Random(20260727);
        TestContext.Out.WriteLine("seed 20260727");

        var sending = Task.CompletedTask;
        for (var round = 0; round < Rounds; round++)
        {
            await using var daemon = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint, settings);
            if (round == 0)
                sending = load.RunAsync(Senders, enough.Token);
            await load.UntilAsync(Math.Min(load.Acknowledged + random.Next(500, 1500), Deliveries), TimeSpan.FromMinutes(2));
            await daemon.KillAsync();
        }

        await using var last = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint, settings);
        await sending;
        var records = backend.LogRecords;
        while (records.Select(Number).Distinct().Count() < Deliveries)
            records = await backend.WaitForRecordsAsync(records.Count + 1, TimeSpan.FromMinutes(2));
        Assert.That(await last.StopAsync(), Is.Zero, last.Output);

        var byNumber = backend.LogRecords.GroupBy(Number).ToList();
        var repeats = backend.LogRecords.Count - byNumber.Count;
        TestContext.Out.WriteLine($"{load.Retries} retries, {repeats} repeats");
        Assert.That(load.Acknowledged, Is.EqualTo(Deliveries));
        Assert.That(byNumber, Has.Count.EqualTo(Deliveries));
        Assert.That(byNumber.Where(g => g.Select(Uid).Distinct().Count() != 1), Is.Empty, "one event, one uid");
        Assert.That(byNumber.Where(g => g.Distinct().Count() != 1), Is.Empty, "a repeat is the same record: no sender's retry became one");
        Assert.That(repeats, Is.LessThanOrEqualTo(Rounds * InFlight * BatchRecords));
    }

    static int Number(LogRecord record) => int.Parse(record.Body.StringValue, System.Globalization.CultureInfo.InvariantCulture);

    static string Uid(LogRecord record) => (string)record.Attributes()["log.record.uid"]!;
}
