namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>A daemon that nobody sends anything, with the defaults of an operator.</summary>
static class IdleMeasure
{
    static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    public static async Task<IdleResult> RunAsync(LoadOptions options)
    {
        var path = Path.Combine(Path.GetTempPath(), $"tailscale2otel-ledger-{Guid.NewGuid():N}");
        using var ledger = LoadLedger.Create(path);
        await using var sink = ChildProcess.Start("load-sink", path);
        var port = int.Parse(await sink.ReadAsync(), System.Globalization.CultureInfo.InvariantCulture);
        await using var daemon = await LoadDaemon.StartAsync(options, row: null, port);
        await Task.Delay(Settle);
        var (user, system) = daemon.Processor;
        await Task.Delay(Duration);
        var after = daemon.Processor;
        File.Delete(path);
        return new IdleResult(daemon.ResidentMebibytes, daemon.AnonymousMebibytes, (after.User + after.System - user - system) / Duration.TotalSeconds);
    }
}
