using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Tailscale2Otel.Tests.Support;

/// <summary>The built executable as a process of its own, configured by environment variables as a container would be.</summary>
sealed partial class DaemonProcess : IAsyncDisposable
{
    public const string Token = "00000000-0000-0000-0000-00000000e2e0";

    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(20);

    readonly Process _process;
    readonly StringBuilder _output = new();
    TaskCompletionSource _printed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    bool _isDisposed;

    DaemonProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _started.TrySetException(new InvalidOperationException($"The daemon exited before it was ready.\n{Output}"));
    }

    public required Uri Hec { get; init; }

    public required Uri Admin { get; init; }

    public int Id => _process.Id;

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <param name="settings">Variables without the TS2OTEL_ prefix.</param>
    /// <param name="executable">Null is the one that was built with the tests.</param>
    public static async Task<DaemonProcess> StartAsync(string spool, Uri otlp, IReadOnlyDictionary<string, string>? settings = null, string? executable = null)
    {
        var daemon = Launch(spool, otlp, settings, executable);
        await daemon.WaitUntilReadyAsync();
        return daemon;
    }

    /// <summary>As <see cref="StartAsync"/>, without waiting for the process to be ready.</summary>
    public static DaemonProcess Launch(string spool, Uri otlp, IReadOnlyDictionary<string, string>? settings = null, string? executable = null)
    {
        var (hec, admin) = (FreePort.Next(), FreePort.Next());
        var start = new ProcessStartInfo(executable ?? Path.Combine(AppContext.BaseDirectory, "tailscale2otel"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = spool,
        };
        Dictionary<string, string> all = new()
        {
            ["STREAMING__ENABLED"] = "true",
            ["STREAMING__LISTEN"] = $"127.0.0.1:{hec}",
            ["STREAMING__TOKEN"] = Token,
            ["ADMIN__LISTEN"] = $"127.0.0.1:{admin}",
            ["OTLP__ENDPOINT"] = otlp.ToString(),
            ["OTLP__METRIC_INTERVAL"] = "1s",
            ["SPOOL__DIRECTORY"] = Path.Combine(spool, "spool"),
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
            all[key] = value;
        foreach (var (key, value) in all)
            start.Environment["TS2OTEL_" + key] = value;

        var daemon = new DaemonProcess(start) { Hec = new Uri($"http://127.0.0.1:{hec}/services/collector/event"), Admin = new Uri($"http://127.0.0.1:{admin}/") };
        daemon._process.Start();
        daemon._process.BeginOutputReadLine();
        daemon._process.BeginErrorReadLine();
        return daemon;
    }

    /// <exception cref="InvalidOperationException">The process ended instead.</exception>
    public Task WaitUntilReadyAsync() => _started.Task.WaitAsync(StartLimit);

    /// <summary>Ends when the text was printed.</summary>
    public async Task WaitForOutputAsync(string text)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        while (true)
        {
            Task printed;
            lock (_output)
            {
                if (_output.ToString().Contains(text, StringComparison.Ordinal))
                    return;
                printed = _printed.Task;
            }

            await printed.WaitAsync(limit.Token);
        }
    }

    /// <summary>Asks until the answer has the status; its text.</summary>
    public async Task<string> WaitForReadinessAsync(HttpStatusCode status)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        using var client = new HttpClient();
        while (true)
        {
            using var response = await client.GetAsync(new Uri(Admin, "/readyz"), limit.Token);
            if (response.StatusCode == status)
                return await response.Content.ReadAsStringAsync(limit.Token);
            await Task.Delay(AskAgain, limit.Token);
        }
    }

    /// <summary>SIGINT or SIGTERM, without waiting for the end.</summary>
    public void Signal(PosixSignal signal) => _ = Kill(_process.Id, signal == PosixSignal.SIGINT ? 2 : 15);

    /// <summary>SIGKILL, before the next instruction of the caller.</summary>
    public void KillNow() => _ = Kill(_process.Id, 9);

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        _ = Kill(_process.Id, 15);
        return await ExitAsync();
    }

    /// <summary>SIGKILL: nothing in the process gets a say.</summary>
    public async Task KillAsync()
    {
        _ = Kill(_process.Id, 9);
        await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        if (!_process.HasExited)
            await KillAsync();
        _isDisposed = true;
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    void Take(string? line)
    {
        if (line is null)
            return;

        TaskCompletionSource printed;
        lock (_output)
        {
            _output.AppendLine(line);
            printed = _printed;
            _printed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        printed.SetResult();
        if (line.Contains(" is ready", StringComparison.Ordinal))
            _started.TrySetResult();
    }
}
