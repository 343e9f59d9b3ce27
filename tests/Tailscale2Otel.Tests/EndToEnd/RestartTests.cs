using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>The daemon as a process that ends in the middle of a load, and the records that were acknowledged before.</summary>
public sealed class RestartTests
{
    const int Rounds = 6;
    const int Senders = 4;
    const int BatchRecords = 100;
    const int InFlight = 2;

    static readonly Dictionary<string, string> SmallBatches = new()
    {
        ["DELIVERY__MAX_BATCH_RECORDS"] = $"{BatchRecords}",
        ["DELIVERY__MAX_IN_FLIGHT"] = $"{InFlight}",
        ["SPOOL__SEGMENT_BYTES"] = "1048576",
    };

    [Test]
    public async Task Sigkill_loses_nothing_and_repeats_at_most_the_batches_in_flight()
    {
        var repeats = await RunAsync(daemon => daemon.KillAsync());

        Assert.That(repeats, Is.LessThanOrEqualTo(Rounds * InFlight * BatchRecords));
    }

    [Test]
    public async Task Sigterm_loses_nothing_repeats_nothing_and_exits_with_0()
    {
        var repeats = await RunAsync(async daemon => Assert.That(await daemon.StopAsync(), Is.Zero, daemon.Output));

        Assert.That(repeats, Is.Zero);
    }

    static async Task<int> RunAsync(Func<DaemonProcess, Task> end)
    {
        using var folder = new TemporaryFolder();
        await using var backend = await OtlpReceiver.StartAsync();
        using var load = new FlowLoad();
        using var enough = new CancellationTokenSource();
        var random = new Random(20260727);
        TestContext.Out.WriteLine("seed 20260727");

        var sending = Task.CompletedTask;
        for (var round = 0; round < Rounds; round++)
        {
            await using var daemon = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint, SmallBatches);
            load.Target = daemon.Hec;
            if (round == 0)
                sending = load.RunAsync(Senders, enough.Token);
            await backend.WaitForRecordsAsync(backend.LogRecords.Count + random.Next(300, 3000), TimeSpan.FromMinutes(1));
            await end(daemon);
        }

        await using var last = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint, SmallBatches);
        load.Target = last.Hec;
        await backend.WaitForRecordsAsync(backend.LogRecords.Count + 500, TimeSpan.FromMinutes(1));
        await enough.CancelAsync();
        await sending;

        return await CountRepeatsAsync(backend, load.Acknowledged);
    }

    static async Task<int> CountRepeatsAsync(OtlpReceiver backend, IReadOnlyCollection<int> acknowledged)
    {
        IReadOnlyList<LogRecord> records = backend.LogRecords;
        var missing = new HashSet<int>(acknowledged);
        missing.ExceptWith(records.Select(Sequence));
        while (missing.Count > 0)
        {
            records = await backend.WaitForRecordsAsync(records.Count + 1);
            missing.ExceptWith(records.Select(Sequence));
        }

        Assert.That(acknowledged, Is.Not.Empty);
        var bySequence = records.GroupBy(Sequence).ToList();
        Assert.That(bySequence.Where(g => g.Select(Uid).Distinct().Count() != 1), Is.Empty, "one record, one uid");
        Assert.That(bySequence.Where(g => g.Distinct().Count() != 1), Is.Empty, "a repeat is the same record");
        var repeats = records.Count - bySequence.Count;
        TestContext.Out.WriteLine($"{acknowledged.Count} acknowledged, {bySequence.Count} arrived, {repeats} repeats");
        return repeats;
    }

    static int Sequence(LogRecord record) => FlowLoad.SequenceOf((string)record.Attributes()["tailscale.flow.window.start"]!);

    static string Uid(LogRecord record) => (string)record.Attributes()["log.record.uid"]!;
}
