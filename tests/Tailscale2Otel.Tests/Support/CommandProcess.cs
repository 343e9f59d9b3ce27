using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Tailscale2Otel.Tests.Support;

/// <summary>A command of the built executable as a process of its own.</summary>
sealed partial class CommandProcess : IDisposable
{
    const int SigInt = 2;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    readonly Process _process;
    readonly Task<string> _output;
    readonly Task<string> _error;

    CommandProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <param name="settings">Variables without the TS2OTEL_ prefix.</param>
    public static CommandProcess Start(IEnumerable<string> arguments, params (string Key, string Value)[] settings) =>
        StartProgram(Path.Combine(AppContext.BaseDirectory, "tailscale2otel"), arguments, settings);

    /// <summary>As <see cref="Start"/>, of another executable.</summary>
    public static CommandProcess StartProgram(string executable, IEnumerable<string> arguments, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo(executable, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (key, value) in settings)
            start.Environment["TS2OTEL_" + key] = value;
        return new CommandProcess(Process.Start(start)!);
    }

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => _ = Kill(_process.Id, SigInt);

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
            await ExitAsync();
            return true;
        }
    }

    public async Task<(int Code, string Output, string Error)> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
