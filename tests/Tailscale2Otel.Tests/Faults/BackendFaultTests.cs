namespace Tailscale2Otel.Tests.Faults;

/// <summary>A backend that fails in every way that a backend can, over HTTP and over gRPC.</summary>
public sealed class BackendFaultTests
{
    const int Rounds = 12;
    const int Posters = 2;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    static readonly string[] Protocols = ["http", "grpc"];

    static IEnumerable<TestCaseData> QuickFaults => from fault in BackendFault.Quick from protocol in Protocols select Case(fault, protocol, 40);

    static IEnumerable<TestCaseData> SlowFaults => from fault in BackendFault.Slow from protocol in Protocols select Case(fault, protocol, 5);

    [TestCaseSource(nameof(QuickFaults))]
    [TestCaseSource(nameof(SlowFaults))]
    public async Task A_fault_loses_nothing_and_repeats_only_what_the_backend_kept_without_saying_so(object fault, string protocol, int times)
    {
        await using var harness = await FaultHarness.StartAsync(Settings(protocol));
        var backend = new FaultyBackend(harness.Backend, FaultHarness.Random(20260730));
        backend.Set((BackendFault)fault, (BackendFault)fault, oneIn: 2, times);
        await harness.StartDaemonAsync();
        while (backend.Met < times)
            await PostAsync(harness, 4);
        backend.Clear();
        await harness.FinishAsync();
        TestContext.Out.WriteLine(backend.Summary);
    }

    /// <summary>The signal that is well does not suffer from the other.</summary>
    [TestCase("http", true)]
    [TestCase("http", false)]
    [TestCase("grpc", true)]
    [TestCase("grpc", false)]
    public async Task One_signal_alone_is_refused(string protocol, bool isLogs)
    {
        await using var harness = await FaultHarness.StartAsync(Settings(protocol));
        var backend = new FaultyBackend(harness.Backend, FaultHarness.Random(20260731));
        await harness.StartDaemonAsync();
        backend.Set(isLogs ? BackendFault.Busier : BackendFault.None, isLogs ? BackendFault.None : BackendFault.Busier, oneIn: 1, FaultyBackend.Always);
        await PostAsync(harness, 20);
        if (!isLogs)
            await harness.WaitForAcknowledgedAsync();
        await harness.KillAsync();

        await harness.StartDaemonAsync();
        await PostAsync(harness, 5);
        backend.Clear();
        await harness.FinishAsync();
        TestContext.Out.WriteLine(backend.Summary);
    }

    [TestCase("http")]
    [TestCase("grpc")]
    public async Task Nobody_listens_and_then_somebody_does(string protocol)
    {
        await using var harness = await FaultHarness.StartAsync(Settings(protocol));
        await harness.Backend.StopListeningAsync();
        await harness.StartDaemonAsync();
        await PostAsync(harness, 10);
        await harness.Backend.ListenAgainAsync();
        await harness.WaitForAcknowledgedAsync();

        for (var round = 0; round < 3; round++)
        {
            await harness.Backend.StopListeningAsync();
            await PostAsync(harness, 10);
            if (round == 1)
            {
                await harness.KillAsync();
                await harness.StartDaemonAsync();
                await PostAsync(harness, 5);
            }

            await harness.Backend.ListenAgainAsync();
            await PostAsync(harness, 5);
        }

        await harness.FinishAsync();
    }

    /// <summary>Everything above in a random order, for each signal by itself, under load, with ends in between.</summary>
    [TestCase("http", 20260801)]
    [TestCase("grpc", 20260802)]
    public async Task All_faults_in_a_random_order_with_kills_in_between(string protocol, int seed)
    {
        await using var harness = await FaultHarness.StartAsync(Settings(protocol));
        var random = FaultHarness.Random(seed);
        var backend = new FaultyBackend(harness.Backend, new Random(seed));
        BackendFault[] quick = [BackendFault.None, .. BackendFault.Quick];
        await harness.StartDaemonAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var slow = random.Next(4) == 0 ? BackendFault.Slow[random.Next(BackendFault.Slow.Length)] : null;
            backend.Set(slow ?? quick[random.Next(quick.Length)], quick[random.Next(quick.Length)], oneIn: random.Next(1, 4), slow is null ? 30 : 2);
            var isAway = random.Next(4) == 0;
            if (isAway)
                await harness.Backend.StopListeningAsync();
            await PostAsync(harness, random.Next(5, 30));
            await EndAsync(harness, random.Next(3));
            if (isAway)
                await harness.Backend.ListenAgainAsync();
        }

        backend.Clear();
        await harness.FinishAsync();
        TestContext.Out.WriteLine(backend.Summary);
    }

    /// <summary>Not at all, by SIGKILL, or by SIGTERM with too little time for what is under way.</summary>
    static async Task EndAsync(FaultHarness harness, int how)
    {
        if (how == 0)
            return;
        if (how == 1)
        {
            await harness.KillAsync();
        }
        else
        {
            Assert.That(await harness.Daemon.StopAsync().WaitAsync(Patience), Is.Zero, harness.Daemon.Output);
            await harness.EndAsync();
        }

        await harness.StartDaemonAsync();
    }

    static Task PostAsync(FaultHarness harness, int batches) => Task.WhenAll(Enumerable.Range(0, Posters).Select(_ => harness.Load.PostAsync(batches)));

    static TestCaseData Case(BackendFault fault, string protocol, int times) => new TestCaseData(fault, protocol, times).SetArgDisplayNames(fault.Name, protocol);

    static Dictionary<string, string> Settings(string protocol) => new()
    {
        ["OTLP__PROTOCOL"] = protocol,
        ["OTLP__TIMEOUT"] = "2s",
        ["OTLP__METRIC_INTERVAL"] = "300ms",
        ["OTLP__RETRY__INITIAL_INTERVAL"] = "20ms",
        ["OTLP__RETRY__MAX_INTERVAL"] = "200ms",
        ["OTLP__RETRY__MAX_ELAPSED_TIME"] = "1s",
        ["SHUTDOWN__DELIVERY_GRACE"] = "300ms",
        ["SHUTDOWN__FLUSH_GRACE"] = "300ms",
    };
}
