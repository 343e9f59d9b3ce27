using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>The published daemon as a process, with a spool of its own and the defaults but for what the load needs.</summary>
sealed class LoadDaemon : IAsyncDisposable
{
    public const string Token = "00000000-0000-0000-0000-000000000000";

    static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(100);

    readonly Process _process;
    readonly string _spool;
    readonly Timer _sampler;

    LoadDaemon(Process process, string spool, int hecPort, TimeSpan start)
    {
        _process = process;
        _spool = spool;
        HecPort = hecPort;
        StartTime = start;
        _sampler = new Timer(_ => Sample(), null, SampleInterval, SampleInterval);
    }

    public int HecPort { get; }

    /// <summary>From the start of the process to its word that it is ready.</summary>
    public TimeSpan StartTime { get; }

    public (double User, double System) Processor => ProcessUsage.Processor(_process.Id);

    public double PeakMebibytes => ProcessUsage.Mebibytes(_process.Id, "VmHWM");

    public double ResidentMebibytes => ProcessUsage.Mebibytes(_process.Id, "VmRSS");

    public double AnonymousMebibytes => ProcessUsage.Mebibytes(_process.Id, "RssAnon");

    /// <summary>Of samples, unlike the other peak, which the system keeps.</summary>
    public double PeakAnonymousMebibytes { get; private set; }

    /// <param name="row">Null is the default log mode.</param>
    public static async Task<LoadDaemon> StartAsync(LoadOptions options, LoadRow? row, int backendPort)
    {
        var spool = Directory.CreateTempSubdirectory("tailscale2otel-load-").FullName;
        var port = FreePort();
        var start = new ProcessStartInfo(options.Executable) { RedirectStandardError = true };
        foreach (var (key, value) in Settings(row, spool, port, backendPort).Concat(options.Settings))
            start.Environment[$"TS2OTEL_{key.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant()}"] = value;

        var began = TimeProvider.System.GetTimestamp();
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{options.Executable} does not start.");
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.Contains(" is ready", StringComparison.Ordinal))
            {
                _ = ReportAsync(process);
                return new LoadDaemon(process, spool, port, TimeProvider.System.GetElapsedTime(began));
            }

            await ReportAsync(line);
        }

        throw new InvalidOperationException("The daemon ended before it was ready.");
    }

    public async ValueTask DisposeAsync()
    {
        await _sampler.DisposeAsync();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_spool, recursive: true);
    }

    static IEnumerable<KeyValuePair<string, string>> Settings(LoadRow? row, string spool, int port, int backendPort) =>
    [
        new("streaming.enabled", "true"),
        new("streaming.listen", $"127.0.0.1:{port}"),
        new("streaming.token", Token),
        new("admin.listen", $"127.0.0.1:{FreePort()}"),
        new("collectors.flowlogs.log_mode", row?.LogMode ?? LoadRow.PerConnection.LogMode),
        new("otlp.logs.endpoint", $"http://127.0.0.1:{backendPort}/v1/logs"),
        new("otlp.metrics.endpoint", $"http://127.0.0.1:{backendPort}/v1/metrics"),
        new("otlp.compression", row?.Gzip == true ? "gzip" : "none"),
        // Soon enough for a run to see its last connection counted, and seldom enough to cost nothing beside the load.
        .. row is null ? [] : new KeyValuePair<string, string>[] { new("otlp.metric_interval", "5s") },
        new("spool.directory", spool),
    ];

    static async Task ReportAsync(Process process)
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
            await ReportAsync(line);
    }

    static Task ReportAsync(string line) =>
        line.Contains("Z info: ", StringComparison.Ordinal) ? Task.CompletedTask : Console.Error.WriteLineAsync(line);

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    void Sample()
    {
        try
        {
            PeakAnonymousMebibytes = Math.Max(PeakAnonymousMebibytes, AnonymousMebibytes);
        }
        catch (IOException)
        {
            // It has ended.
        }
    }
}
