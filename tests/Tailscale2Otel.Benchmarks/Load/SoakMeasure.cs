namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>A steady load for long, to see what grows.</summary>
static class SoakMeasure
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<SoakMinute>> RunAsync(LoadOptions options, double rate)
    {
        List<SoakMinute> minutes = [];
        await using var house = await LoadHouse.OpenAsync(options, LoadRow.PerConnection);
        await using var sender = await house.SenderAsync(LoadLedger.Requests - 1000, options.Minutes * Interval.TotalSeconds, rate);
        var before = LoadState.Of(house);
        sender.Go();
        for (var minute = 1; minute <= options.Minutes; minute++)
        {
            await Task.Delay(Interval);
            var now = LoadState.Of(house);
            var processor = (now.User + now.System - before.User - before.System) / (now.Arrived - before.Arrived) * 1e6;
            minutes.Add(new SoakMinute(
                minute, now.Arrived, now.Acknowledged - now.Arrived, processor, house.Daemon.ResidentMebibytes, house.Daemon.AnonymousMebibytes, house.Ledger[LoadCount.Series]));
            before = now;
            await Console.Error.WriteLineAsync(minutes[^1].ToString());
        }

        _ = await sender.ReadAsync();
        await house.DrainAsync();
        return house.IsDrained ? minutes : throw new InvalidOperationException("Records that were acknowledged did not arrive.");
    }
}
