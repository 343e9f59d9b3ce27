using Tailscale2Otel.Hosting;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Hosting;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>
/// The daemon inside the test process: real files, real sockets, and a clock that the test moves, so that a day takes seconds.
/// While a request is under way the clock stands still; what is left are waits, and those end when their time has come.
/// </summary>
sealed class SimulatedTime : IAsyncDisposable
{
    /// <summary>Of one request, to the daemon and to the backend. No other wait is that long, which is how one under way is known.</summary>
    static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    static readonly ListenAddress AnyPort = new(System.Net.IPAddress.Loopback, 0);

    readonly TemporaryFolder _folder = new();
    readonly int _maxInFlight;
    readonly (string Key, string Value)[] _settings;
    int _lifetimes;

    SimulatedTime(OtlpReceiver backend, int maxInFlight, (string Key, string Value)[] settings)
    {
        Backend = backend;
        _maxInFlight = maxInFlight;
        _settings = settings;
        Delivery = new DeliveryAudit(Load.Sent, maxInFlight);
        backend.Kept = Keep;
        backend.AnswerLost = LoseAnswer;
    }

    /// <summary>It begins now, since the files that a restart finds bear the system's time.</summary>
    public ManualTime Time { get; } = new(TimeProvider.System.GetUtcNow());

    public OtlpReceiver Backend { get; }

    public FlowLoad Load { get; } = new();

    public DeliveryAudit Delivery { get; }

    public CounterAudit Flows { get; } = new("tailscale.network.flows");

    public SpoolImage Spool => new(_folder.Path);

    public int Segments => Directory.GetFiles(_folder.Path, "*.seg").Length;

    /// <summary>Where the daemon takes records.</summary>
    public Uri Address => new(Daemon!.Address(AnyPort), "/services/collector/event");

    /// <summary>Told of each request that was kept.</summary>
    public Action<OtlpRequest> Kept { get; set; } = _ => { };

    Daemon? Daemon { get; set; }

    public static async Task<SimulatedTime> BeginAsync(int maxInFlight, params (string Key, string Value)[] settings) =>
        new(await OtlpReceiver.StartAsync(new OtlpReceiverSettings { IsForgetful = true }), maxInFlight, settings);

    public async Task StartDaemonAsync()
    {
        var config = DaemonVariables.Load(_folder.Path,
        [
            ("STREAMING__TOKEN", DaemonProcess.Token),
            ("STREAMING__RECEIVE_TIMEOUT", $"{Timeout.TotalSeconds:0}s"),
            ("OTLP__ENDPOINT", Backend.HttpEndpoint.ToString()),
            ("OTLP__HEADERS__X_LIFETIME", $"{++_lifetimes}"),
            ("OTLP__METRIC_INTERVAL", "60s"),
            ("OTLP__TIMEOUT", $"{Timeout.TotalSeconds:0}s"),
            ("DELIVERY__MAX_IN_FLIGHT", $"{_maxInFlight}"),
            ("DELIVERY__MAX_BATCH_RECORDS", $"{FaultHarness.BatchRecords}"),
            ("SPOOL__SEGMENT_BYTES", "65536"),
            ("SPOOL__MIN_FREE_BYTES", "0"),
            // Far longer than a stop takes while the clock runs ahead of it.
            ("SHUTDOWN__DELIVERY_GRACE", "5m"),
            ("SHUTDOWN__FLUSH_GRACE", "5m"),
            .. _settings,
        ]);
        Daemon = await Daemon.StartAsync(config, null, Time, default);
        Load.Target = Address;
    }

    /// <summary>An orderly stop; what it waits for comes with the time.</summary>
    public async Task StopDaemonAsync()
    {
        Load.Target = null;
        var stopping = Daemon!.StopAsync();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!stopping.IsCompleted)
        {
            await SettleAsync(0);
            Time.Advance(TimeSpan.FromMilliseconds(200));
            await pace.WaitForNextTickAsync();
        }

        await stopping;
        await Daemon.DisposeAsync();
        Daemon = null;
    }

    /// <param name="waiting">How many batches must be waiting for their next attempt before the clock goes on.</param>
    public async Task AdvanceAsync(TimeSpan by, TimeSpan step, int waiting = 0)
    {
        for (var gone = TimeSpan.Zero; gone < by; gone += step)
        {
            await SettleAsync(waiting);
            Time.Advance(step);
        }

        await SettleAsync(waiting);
    }

    /// <summary>Lets time pass until it is so.</summary>
    public async Task UntilAsync(Func<bool> done, Func<string> progress)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!done())
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException(progress());
            await AdvanceAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Lets time pass until everything has arrived and was counted, stops, and holds it all against the promise.</summary>
    public async Task FinishAsync()
    {
        Delivery.AwaitAcknowledged();
        await UntilAsync(() => Delivery.Awaited == 0, () => $"{Delivery.Awaited} acknowledged records not yet");
        await UntilAsync(() => Flows.Total >= Delivery.Arrived, () => $"{Flows.Total} of {Delivery.Arrived} records counted");
        await StopDaemonAsync();
        Delivery.AssertHolds();
        Flows.AssertHolds(Delivery.Arrived);
    }

    public async ValueTask DisposeAsync()
    {
        if (Daemon is not null)
            await StopDaemonAsync();
        Load.Dispose();
        await Backend.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Ends when no request is under way.</summary>
    async Task SettleAsync(int waiting)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Time.OneShotsBeyond(LongestWait) > 0 || Time.OneShotsWithin(LongestWait) < waiting)
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"{Time.OneShotsBeyond(LongestWait)} requests under way, {Time.OneShotsWithin(LongestWait)} of {waiting} waiting");
            await Task.Yield();
        }
    }

    void Keep(OtlpRequest request)
    {
        Delivery.Keep(request);
        Flows.Keep(request);
        Kept(request);
    }

    void LoseAnswer(OtlpRequest request)
    {
        Delivery.LoseAnswer(request);
        Flows.LoseAnswer(request);
    }
}
