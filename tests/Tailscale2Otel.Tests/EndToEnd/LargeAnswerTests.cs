using System.Globalization;
using System.Text;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>An answer of 200 MB and the published daemon as a process, which must not hold it in memory.</summary>
[NonParallelizable]
sealed class LargeAnswerTests
{
    const int Records = 20_000;
    const int RowsOfRecord = 82;
    const long AnswerBytes = 200_000_000;
    const long MaxResident = 200_000_000;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Over which the records were logged; less than the first window.</summary>
    static readonly TimeSpan Span = TimeSpan.FromMinutes(4);

    /// <summary>With the default limit no single question gets it all.</summary>
    [TestCase("1073741824", false)]
    [TestCase("33554432", true)]
    public async Task Is_taken_whole_in_little_memory(string limit, bool isHalved)
    {
        var made = 0L;
        using var folder = new TemporaryFolder();
        await using var tailnet = await SimulatedControlPlane.StartAsync(new ControlPlaneSettings(), TimeProvider.System);
        var begin = UnixTime.Nanoseconds(tailnet.Clock.Now - Span);
        tailnet.Logs[LogType.Network].AddSource(window => Answer(begin, window, bytes => made += bytes));
        await using var backend = await OtlpReceiver.StartAsync(new OtlpReceiverSettings { IsForgetful = true });
        var arrived = new HashSet<int>();
        var repeats = 0;
        backend.Kept = request => repeats += request.LogRecords.Count(r => !arrived.Add(FlowLoad.SequenceOf((string)r.Attributes()["tailscale.flow.window.start"]!)));

        await using var daemon = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint, Settings(tailnet, limit), await PublishedDaemon.PathAsync());
        await backend.WaitUntilAsync(() => arrived.Count == Records, () => $"{arrived.Count} of {Records} records, {made} bytes made; {daemon.Output}", Limit);
        var peak = PeakResident(daemon.Id);
        Assert.That(await daemon.StopAsync(), Is.Zero, daemon.Output);

        var questions = tailnet.Requests.Count(ApiEndpoint.NetworkLogs);
        TestContext.Out.WriteLine($"{made / 1_000_000} MB in {questions} answers, peak resident {peak / 1_000_000} MB");
        Assert.Multiple(() =>
        {
            Assert.That(made, Is.GreaterThanOrEqualTo(AnswerBytes));
            Assert.That(repeats, Is.Zero);
            Assert.That(peak, Is.LessThan(MaxResident));
            Assert.That(questions, isHalved ? Is.InRange(8, 60) : Is.LessThan(8));
        });
    }

    static Dictionary<string, string> Settings(SimulatedControlPlane tailnet, string limit) => new(TailnetHouse.Credential(tailnet).Select(s => KeyValuePair.Create(s.Key, s.Value)))
    {
        ["TAILSCALE__MAX_LOG_RESPONSE_BYTES"] = limit,
        // The question that got everything is not asked again while the test runs.
        ["COLLECTORS__FLOWLOGS__INTERVAL"] = "10m",
        ["COLLECTORS__FLOWLOGS__LAG"] = "0s",
        ["COLLECTORS__FLOWLOGS__REPLAY_OVERLAP"] = "0s",
        ["COLLECTORS__FLOWLOGS__LOG_MODE"] = "per_record",
        ["COLLECTORS__AUDITLOGS__ENABLED"] = "false",
        ["COLLECTORS__DEVICES__ENABLED"] = "false",
        ["COLLECTORS__LOG_STREAM__ENABLED"] = "false",
        ["SPOOL__MIN_FREE_BYTES"] = "0",
    };

    /// <summary>The records of a window, each made when it is sent.</summary>
    static IEnumerable<ReadOnlyMemory<byte>> Answer(long begin, LogWindow window, Action<int> told)
    {
        var step = Span.Ticks * TimeSpan.NanosecondsPerTick / Records;
        for (var i = 0; i < Records; i++)
        {
            var logged = begin + (i * step);
            if (!window.Holds(logged))
                continue;
            var record = Record(i, logged);
            told(record.Length);
            yield return record;
        }
    }

    static byte[] Record(int sequence, long logged)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"logged":"{{GoTime.Format(logged)}}","nodeId":"nE2E00CNTRL","start":"2026-07-27T12:00:00.{{sequence:D8}}7Z","end":"2026-07-27T12:00:05Z",""");
        var record = new byte[head.Length + Rows.Length];
        Encoding.UTF8.GetBytes(head, record);
        Rows.CopyTo(record, head.Length);
        return record;
    }

    static readonly byte[] Rows = Encoding.UTF8.GetBytes("\"virtualTraffic\":[" + string.Join(',', Enumerable.Range(0, RowsOfRecord).Select(i =>
        $$"""{"proto":6,"src":"100.64.0.{{i}}:{{50000 + i}}","dst":"100.64.1.{{i}}:443","txPkts":123,"txBytes":123456,"rxPkts":234,"rxBytes":234567}""")) + "]}");

    /// <summary>VmHWM, the most that was ever resident.</summary>
    static long PeakResident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
