using System.Globalization;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>Sink, daemon and ledger of one run, and senders as they are asked for.</summary>
sealed class LoadHouse : IAsyncDisposable
{
    const int WarmUps = 3;
    const int WarmUpRequests = 100;

    /// <summary>Compressed requests are made beforehand, for this many flow records/s; a daemon that takes more ends the run early.</summary>
    const int PreparedPerSecond = 150_000;

    /// <summary>Uncompressed ones cost nothing before they are sent.</summary>
    const int ManyRequests = LoadLedger.Requests / 3;

    /// <summary>For the compiler in the background, which waits until nothing new is called for a while.</summary>
    static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly LoadOptions _options;
    readonly LoadRow _row;
    readonly string _path;

    LoadHouse(LoadOptions options, LoadRow row, string path, LoadLedger ledger, ChildProcess sink, LoadDaemon daemon)
    {
        (_options, _row, _path) = (options, row, path);
        (Ledger, Sink, Daemon) = (ledger, sink, daemon);
    }

    public LoadLedger Ledger { get; }

    public ChildProcess Sink { get; }

    public LoadDaemon Daemon { get; }

    /// <summary>Everything acknowledged is at the sink: log records where the row has some, and its connections in the metrics.</summary>
    public bool IsDrained =>
        (_row.LogsPerRecord == 0 || Ledger[LoadCount.Arrived] >= Ledger[LoadCount.Acknowledged])
        && Ledger[LoadCount.Connections] >= Ledger[LoadCount.Acknowledged] * LoadBody.Connections;

    /// <summary>Warm: methods are compiled for the last time only after they ran compiled for observation.</summary>
    public static async Task<LoadHouse> OpenAsync(LoadOptions options, LoadRow row)
    {
        var path = Path.Combine(Path.GetTempPath(), $"tailscale2otel-ledger-{Guid.NewGuid():N}");
        var ledger = LoadLedger.Create(path);
        var sink = ChildProcess.Start("load-sink", path);
        var daemon = await LoadDaemon.StartAsync(options, row, int.Parse(await sink.ReadAsync(), CultureInfo.InvariantCulture));
        var house = new LoadHouse(options, row, path, ledger, sink, daemon);
        for (var i = 0; i < WarmUps; i++)
        {
            await using var warmUp = await house.SenderAsync(WarmUpRequests, double.MaxValue, rate: null);
            warmUp.Go();
            _ = await warmUp.ReadAsync();
            await Task.Delay(Settle);
        }

        await house.DrainAsync();
        return house;
    }

    /// <summary>A sender that has prepared its requests and waits for the word.</summary>
    public async Task<ChildProcess> SenderAsync(int requests, double seconds, double? rate)
    {
        var plan = new SenderPlan(
            _path, Daemon.HecPort, _options.Connections, Ledger[LoadCount.NextRequest], requests, seconds, rate, _row.Gzip, _options.Nodes, _options.Pairs, _options.Named);
        var sender = ChildProcess.Start("load-sender", plan.ToString());
        _ = await sender.ReadAsync();
        return sender;
    }

    /// <summary>Like <see cref="SenderAsync"/>, for so many seconds; without a rate as fast as it is answered.</summary>
    public Task<ChildProcess> FullSenderAsync(double seconds, double? rate) =>
        SenderAsync(_row.Gzip ? (int)(seconds * (rate ?? PreparedPerSecond) / LoadBody.Records) : ManyRequests, seconds, rate);

    /// <summary>Ends when everything has arrived, or when nothing has for a long time.</summary>
    public async Task DrainAsync()
    {
        var (last, since) = (-1L, TimeProvider.System.GetTimestamp());
        while (!IsDrained && TimeProvider.System.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(20);
            var arrived = Ledger[LoadCount.Arrived] + Ledger[LoadCount.Connections];
            if (arrived != last)
                (last, since) = (arrived, TimeProvider.System.GetTimestamp());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Daemon.DisposeAsync();
        await Sink.DisposeAsync();
        Ledger.Dispose();
        File.Delete(_path);
    }
}
