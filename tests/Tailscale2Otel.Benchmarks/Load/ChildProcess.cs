using System.Diagnostics;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>This program again, as sender or sink: a process of its own, whose time the system accounts for by itself.</summary>
sealed class ChildProcess : IAsyncDisposable
{
    readonly Process _process;

    ChildProcess(Process process) => _process = process;

    public (double User, double System) Processor => ProcessUsage.Processor(_process.Id);

    public static ChildProcess Start(string role, string argument)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [role, argument]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>The next line of its output.</summary>
    public async Task<string> ReadAsync() => await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The sender or the sink ended early.");

    public void Go() => _process.StandardInput.WriteLine();

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
