using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>The published daemon as a process, and what the system says of its time and memory.</summary>
sealed class LoadDaemon : IAsyncDisposable
{
    public const string Token = "00000000-0000-0000-0000-000000000000";

    const double TicksPerSecond = 100;

    readonly Process _process;
    readonly string _spool;

    LoadDaemon(Process process, string spool, Uri hec)
    {
        _process = process;
        _spool = spool;
        Hec = hec;
    }

    public Uri Hec { get; }

    /// <summary>User and system seconds so far: fields 14 and 15 of /proc/PID/stat, proc(5).</summary>
    public double ProcessorSeconds
    {
        get
        {
            var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ")[1].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Largest resident size so far: VmHWM, proc(5).</summary>
    public double PeakMebibytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
    }

    public static async Task<LoadDaemon> StartAsync(string executable, Uri backend, string logMode)
    {
        var spool = Directory.CreateTempSubdirectory("tailscale2otel-load-").FullName;
        var port = FreePort();
        var start = new ProcessStartInfo(executable) { RedirectStandardError = true };
        start.Environment["TS2OTEL_STREAMING__ENABLED"] = "true";
        start.Environment["TS2OTEL_STREAMING__LISTEN"] = $"127.0.0.1:{port}";
        start.Environment["TS2OTEL_STREAMING__TOKEN"] = Token;
        start.Environment["TS2OTEL_ADMIN__ENABLED"] = "false";
        start.Environment["TS2OTEL_COLLECTORS__FLOWLOGS__LOG_MODE"] = logMode;
        start.Environment["TS2OTEL_OTLP__LOGS__ENDPOINT"] = new Uri(backend, "v1/logs").ToString();
        start.Environment["TS2OTEL_OTLP__METRICS__ENDPOINT"] = new Uri(backend, "v1/metrics").ToString();
        start.Environment["TS2OTEL_SPOOL__DIRECTORY"] = spool;

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{executable} does not start.");
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.Contains(" is ready", StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync();
                return new LoadDaemon(process, spool, new Uri($"http://127.0.0.1:{port}/services/collector/event"));
            }

            await Console.Error.WriteLineAsync(line);
        }

        throw new InvalidOperationException("The daemon ended before it was ready.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_spool, recursive: true);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
