using System.Globalization;
using System.Security.Cryptography;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Compression;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Demo;

/// <summary>Runs the daemon with a simulated tailnet beside it and accounts for every record at the end.</summary>
/// <param name="start">Ends when the daemon's receiver takes requests.</param>
sealed class DemoCommand(Func<DemoSetup, CancellationToken, Task<DemoDaemon>> start, DemoConsole console, TimeProvider time)
{
    const int RecordsPerSecond = 3;
    const int MetricsPerSecond = 30;

    /// <summary>What the simulated API keeps of each log, so that the demo may run for long.</summary>
    const long MaxLogBytes = 32 * 1024 * 1024;

    /// <summary>How the metrics about the daemon itself begin; the demo is about those of the tailnet.</summary>
    static readonly string[] OwnMetrics = ["tailscale2otel.", "process.", "tailscale.stream.", "tailscale.webhook.request.", "tailscale.webhook.inflight"];

    static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>After the stop: for the sender to get its last answers, and for the daemon to deliver what it holds.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>A backend that takes records is done before; longer than this without a word looks like a hang.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    int _metricLines;

    /// <summary>0 when the totals agree, 1 when they do not, 2 for arguments out of range.</summary>
    /// <param name="stop">Ctrl-C: stops the tailnet, drains and prints the totals.</param>
    public async Task<int> RunAsync(DemoArguments arguments, CancellationToken stop)
    {
        var problems = DemoLimits.Problems(arguments);
        foreach (var problem in problems)
            console.Line(problem);
        if (problems.Count > 0)
            return 2;

        var spool = Directory.CreateTempSubdirectory("tailscale2otel-demo-");
        try
        {
            return await RunAsync(arguments, spool.FullName, stop);
        }
        finally
        {
            Delete(spool);
        }
    }

    async Task<int> RunAsync(DemoArguments arguments, string spool, CancellationToken stop)
    {
        var token = new Secret(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var webhookSecret = new Secret("tskey-webhook-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var tailnet = new SimulatedTailnet(arguments.Nodes, arguments.Seed);
        await using var api = arguments.Api
            ? await SimulatedControlPlane.StartAsync(new ControlPlaneSettings { Nodes = tailnet.Nodes, MaxLogBytes = MaxLogBytes }, time, stop)
            : null;
        await using var records = new SampledLines(console, RecordsPerSecond, "log records", RecordLayout.KindOf, line => RecordLayout.Of(line, console.Width), time);
        await using var metrics = new SampledLines(console, MetricsPerSecond, "metrics, those about the daemon itself among them", KindOfMetric, line => line, time);
        var daemon = await start(
            new DemoSetup
            {
                SpoolDirectory = spool,
                Token = token,
                WebhookSecret = webhookSecret,
                Api = api is null ? null : new DemoApi(api.Url, api.Credentials.ClientId, api.Credentials.ClientSecret),
                Otlp = arguments.Otlp,
                Records = records,
                Metrics = metrics,
            },
            stop);
        Greet(arguments, daemon, api, spool);

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) });
        http.Timeout = TimeSpan.FromSeconds(30);
        var publisher = new StreamPublisher(http, daemon.HecUrl, token, time);
        var webhooks = new WebhookPublisher(http, daemon.WebhookUrl, webhookSecret, time);
        using var over = new CancellationTokenSource();
        var watching = WatchAsync(daemon, [records, metrics], over.Token);
        try
        {
            await SendAsync(arguments, tailnet, publisher, webhooks, api, stop);
            await DrainAsync(daemon);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }

        var totals = new DemoTotals(publisher.Counts, webhooks.Counts, daemon.Counts(), api?.Logs.Served);
        foreach (var line in totals.Lines())
            console.Line(line);
        return totals.Agree ? 0 : 1;
    }

    void Greet(DemoArguments arguments, DemoDaemon daemon, SimulatedControlPlane? api, string spool)
    {
        console.Line($"{arguments.Nodes} simulated nodes post {arguments.Rate} records/s to {daemon.HecUrl}");
        console.Line($"their tailnet delivers signed webhooks to {daemon.WebhookUrl}");
        if (api is not null)
        {
            console.Line($"its API answers at {api.Url}, and the daemon asks it for the device list and for both logs:");
            console.Line("every record comes twice, by stream and by poll, and is delivered once");
        }

        console.Line($"spool: {spool} (deleted at the end)");
        console.Line(arguments.Otlp is null ? "OTLP: log records and metrics are shown here" : $"OTLP: log records and metrics go to {arguments.Otlp}");
        if (!ZstdStream.IsAvailable)
            console.Line("zstd is left out: the system library libzstd is not installed");
        console.Line(arguments.Duration is { } duration ? $"runs for {duration}; Ctrl-C ends it before" : "Ctrl-C drains the spool and prints the totals");
        console.Line("");
    }

    async Task SendAsync(
        DemoArguments arguments, SimulatedTailnet tailnet, StreamPublisher publisher, WebhookPublisher deliveries, SimulatedControlPlane? api, CancellationToken stop)
    {
        StreamEncoding[] encodings = ZstdStream.IsAvailable
            ? [StreamEncoding.Identity, StreamEncoding.Gzip, StreamEncoding.Zstd]
            : [StreamEncoding.Identity, StreamEncoding.Gzip];
        var stream = new SimulatedStream(tailnet, publisher, arguments.Rate, encodings, time, api is null ? null : record => api.Logs.Add(record));
        var webhooks = new SimulatedWebhooks(new WebhookBatchWriter(tailnet.Nodes, tailnet.Users, arguments.Seed), deliveries, time);

        using var duration = new CancellationTokenSource(arguments.Duration ?? Timeout.InfiniteTimeSpan, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop, duration.Token);
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var grace = ended.Token.Register(() => abort.CancelAfter(Grace));
        try
        {
            await Task.WhenAll(stream.RunAsync(ended.Token, abort.Token), webhooks.RunAsync(ended.Token, abort.Token));
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            console.Line("The receiver has not answered the last request in time");
        }
    }

    /// <summary>Waits for the spool to run empty before the stop, so that the stop has nothing left to cut short.</summary>
    async Task DrainAsync(DemoDaemon daemon)
    {
        using var limit = new CancellationTokenSource(Grace, time);
        var (started, isTold) = (time.GetTimestamp(), false);
        try
        {
            while (daemon.Counts() is { Backlog: > 0 } counts)
            {
                if (!isTold && time.GetElapsedTime(started) > Patience)
                    console.Line(string.Create(CultureInfo.InvariantCulture, $"waits up to {Grace.TotalSeconds:0} s for the backend to take the {counts.Backlog:N0} records that are left"));
                isTold = time.GetElapsedTime(started) > Patience;
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The totals say what is left.
        }

        using var stopLimit = new CancellationTokenSource(Grace, time);
        await daemon.StopAsync(stopLimit.Token);
    }

    async Task WatchAsync(DemoDaemon daemon, SampledLines[] samples, CancellationToken over)
    {
        var progress = new DemoProgress(time);
        try
        {
            using var timer = new PeriodicTimer(ProgressInterval, time);
            while (await timer.WaitForNextTickAsync(over))
            {
                foreach (var lines in samples)
                    lines.Tick();
                console.Progress(progress.Next(daemon.Counts()));
            }
        }
        catch (OperationCanceledException)
        {
        }

        foreach (var lines in samples)
            lines.Finish();
        console.EndProgress();
    }

    /// <summary>Every line is a kind of its own, also one that says the same as the last time.</summary>
    string? KindOfMetric(string line) =>
        OwnMetrics.Any(prefix => line.AsSpan().TrimStart().StartsWith(prefix, StringComparison.Ordinal)) ? null : $"{_metricLines++}";

    void Delete(DirectoryInfo spool)
    {
        try
        {
            spool.Delete(recursive: true);
        }
        catch (IOException e)
        {
            console.Line($"{spool.FullName} could not be deleted: {e.Message}");
        }
    }
}
