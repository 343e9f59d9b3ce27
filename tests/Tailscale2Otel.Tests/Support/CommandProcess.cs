using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Tailscale2Otel.Tests.Support;

/// <summary>One command of the built executable as a process of its own.</summary>
sealed partial class CommandProcess : IAsyncDisposable
{
    const int Interrupt = 2;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly Process _process;
    readonly Task<string> _output;
    readonly Task<string> _error;

    CommandProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <param name="settings">Variables without the TS2OTEL_ prefix.</param>
    public static CommandProcess Start(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "tailscale2otel"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (key, value) in settings)
            start.Environment["TS2OTEL_" + key] = value;
        return new CommandProcess(start);
    }

    public static async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        await using var process = Start(settings, arguments);
        return await process.EndAsync();
    }

    /// <summary>SIGKILL, if it is not done by then.</summary>
    /// <returns>False when it had ended by itself.</returns>
    public async Task<bool> KillAfterAsync(TimeSpan delay)
    {
        using var limit = new CancellationTokenSource(delay);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await EndAsync();
            return true;
        }
    }

    /// <summary>Ctrl-C.</summary>
    public void Stop() => _ = Kill(_process.Id, Interrupt);

    public async Task<(int Code, string Output, string Error)> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _output, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
