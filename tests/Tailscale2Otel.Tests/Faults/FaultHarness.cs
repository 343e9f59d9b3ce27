using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>
/// One spool and one backend, and the published daemon between them, which is started and ended again and again. Whatever
/// happens, <see cref="FinishAsync"/> says whether the promise was kept.
/// </summary>
sealed class FaultHarness : IAsyncDisposable
{
    /// <summary>Small, so that a round of a second fills many batches and every window.</summary>
    public const int MaxInFlight = 3;
    public const int BatchRecords = 100;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    readonly TemporaryFolder _folder = new();
    readonly Dictionary<string, string> _settings;
    readonly List<CounterAudit> _counters = [];
    readonly CounterAudit _flows;
    readonly CounterAudit _traffic;
    int _lifetimes;

    FaultHarness(OtlpReceiver backend, FlowLoad load, IReadOnlyDictionary<string, string>? settings)
    {
        Backend = backend;
        Load = load;
        _flows = Count("tailscale.network.flows");
        _traffic = Count("tailscale.network.io.rollup");
        Delivery = new DeliveryAudit(Load.Sent, MaxInFlight);
        _settings = new Dictionary<string, string>
        {
            ["DELIVERY__MAX_BATCH_RECORDS"] = $"{BatchRecords}",
            ["DELIVERY__MAX_IN_FLIGHT"] = $"{MaxInFlight}",
            ["SPOOL__SEGMENT_BYTES"] = "1048576",
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
            _settings[key] = value;
        backend.Kept = Keep;
        backend.AnswerLost = LoseAnswer;
    }

    public OtlpReceiver Backend { get; }

    public FlowLoad Load { get; }

    /// <summary>Told of each request after it was kept and before it is answered.</summary>
    public Action<OtlpRequest> Kept { get; set; } = _ => { };

    public DeliveryAudit Delivery { get; }

    /// <summary>The working directory of the daemon; its spool is the folder <c>spool</c> in it.</summary>
    public string Folder => _folder.Path;

    /// <summary>What is started: the published daemon, or something that becomes it.</summary>
    public required string Executable { get; set; }

    /// <summary>The process that was started last.</summary>
    public DaemonProcess Daemon { get; private set; } = null!;

    /// <param name="settings">For every start, without the TS2OTEL_ prefix.</param>
    public static async Task<FaultHarness> StartAsync(IReadOnlyDictionary<string, string>? settings = null, FlowLoad? load = null)
    {
        var executable = await PublishedDaemon.PathAsync();
        return new FaultHarness(await OtlpReceiver.StartAsync(new OtlpReceiverSettings { IsForgetful = true }), load ?? new FlowLoad(), settings) { Executable = executable };
    }

    /// <summary>The flow records in a request.</summary>
    public static IEnumerable<int> SequencesOf(OtlpRequest request) => request.LogRecords.Select(r => FlowLoad.SequenceOf((string)r.Attributes()["tailscale.flow.window.start"]!));

    /// <summary>A random number generator whose seed the test's output says.</summary>
    public static Random Random(int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    /// <summary>Adds up one more counter, from the next request on.</summary>
    public CounterAudit Count(string metric)
    {
        var counter = new CounterAudit(metric);
        _counters.Add(counter);
        return counter;
    }

    /// <summary>The next lifetime, not yet ready; the load's target from now on.</summary>
    /// <param name="settings">For this start only.</param>
    public DaemonProcess Launch(IReadOnlyDictionary<string, string>? settings = null)
    {
        var all = new Dictionary<string, string>(_settings) { ["OTLP__HEADERS__X_LIFETIME"] = $"{++_lifetimes}" };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
            all[key] = value;
        Daemon = DaemonProcess.Launch(_folder.Path, all.GetValueOrDefault("OTLP__PROTOCOL") == "grpc" ? Backend.GrpcEndpoint : Backend.HttpEndpoint, all, Executable);
        Load.Target = Daemon.Hec;
        return Daemon;
    }

    /// <summary>The next lifetime, ready.</summary>
    public Task StartDaemonAsync(IReadOnlyDictionary<string, string>? settings = null) => Launch(settings).WaitUntilReadyAsync();

    /// <summary>Ends when so many different records have arrived.</summary>
    public Task WaitForArrivedAsync(int count) => WaitAsync(() => Delivery.Arrived >= count, () => $"{Delivery.Arrived} of {count} records");

    /// <summary>Ends when everything that is acknowledged by now has arrived.</summary>
    public Task WaitForAcknowledgedAsync()
    {
        Delivery.AwaitAcknowledged();
        return WaitAsync(() => Delivery.Awaited == 0, () => $"{Delivery.Awaited} acknowledged records not yet");
    }

    /// <summary>Ends when it is so, which is asked whenever the backend got something; says what the daemon said when that takes too long.</summary>
    public Task WaitAsync(Func<bool> done, Func<string> progress) =>
        Backend.WaitUntilAsync(done, () => $"{progress()}, {Load.Sent.AcknowledgedCount} acknowledged; process {_lifetimes}:\n{Daemon.Output}", Limit);

    /// <summary>SIGKILL. What the process had in flight may come again.</summary>
    public async Task KillAsync()
    {
        await Daemon.KillAsync();
        await EndAsync();
    }

    /// <summary>SIGTERM and exit code 0.</summary>
    public async Task StopAsync()
    {
        Assert.That(await Daemon.StopAsync(), Is.Zero, Daemon.Output);
        Assert.That(Daemon.Output, Does.Contain("Stopped"));
        Load.Target = null;
        await Daemon.DisposeAsync();
    }

    /// <summary>After an end that was neither: counts it as a kill.</summary>
    /// <param name="lifetime">From 1; null is the last one.</param>
    public async Task EndAsync(int? lifetime = null)
    {
        Load.Target = null;
        Delivery.Kill(lifetime ?? _lifetimes);
        foreach (var counter in _counters)
            counter.Kill(lifetime ?? _lifetimes);
        await Daemon.DisposeAsync();
    }

    /// <summary>Waits for all that was acknowledged and its counts, stops the daemon and holds everything against the promise.</summary>
    public async Task FinishAsync()
    {
        await WaitForAcknowledgedAsync();
        // What was delivered by a process that was killed is counted again by this one, which an early end would leave to the next.
        await WaitAsync(() => _flows.Total >= Delivery.Arrived, () => $"{_flows.Total} of {Delivery.Arrived} records counted");
        await StopAsync();
        Delivery.AssertHolds();
        var counted = Delivery.Arrived + Delivery.Refused.Count;
        _flows.AssertHolds(counted);
        _traffic.AssertHolds((double)counted * FlowLoad.RecordTraffic);
    }

    public async ValueTask DisposeAsync()
    {
        if (Daemon is not null)
            await Daemon.DisposeAsync();
        Load.Dispose();
        await Backend.DisposeAsync();
        _folder.Dispose();
    }

    void Keep(OtlpRequest request)
    {
        Delivery.Keep(request);
        foreach (var counter in _counters)
            counter.Keep(request);
        Kept(request);
    }

    void LoseAnswer(OtlpRequest request)
    {
        Delivery.LoseAnswer(request);
        foreach (var counter in _counters)
            counter.LoseAnswer(request);
    }
}
