namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>One run of one row: a fresh daemon, load for the time asked for, and until everything acknowledged has arrived.</summary>
static class RowMeasure
{
    public static async Task<LoadResult> RunAsync(LoadOptions options, LoadRow row)
    {
        var rate = row.Rate ?? options.Rate;
        await using var house = await LoadHouse.OpenAsync(options, row);
        var warmUp = await WarmUpAsync(house, options.WarmUp, rate);
        await using var sender = await house.FullSenderAsync(options.Seconds, rate);

        var before = LoadState.Of(house);
        var (machine, began) = (ProcessUsage.Machine(), TimeProvider.System.GetTimestamp());
        sender.Go();
        var senderSeconds = double.Parse(await sender.ReadAsync(), System.Globalization.CultureInfo.InvariantCulture);
        await house.DrainAsync();
        var after = LoadState.Of(house);
        machine = ProcessUsage.Machine() - machine;

        var ledger = house.Ledger;
        var (answer, arrival) = ledger.Latencies(before.NextRequest, after.NextRequest);
        var acknowledged = after.Acknowledged - before.Acknowledged;
        var daemonSeconds = after.User + after.System - before.User - before.System;
        var sinkSeconds = after.Sink - before.Sink;
        return new LoadResult
        {
            Name = row.Name,
            LogsPerRecord = row.LogsPerRecord,
            Rate = rate,
            Acknowledged = acknowledged,
            Refused = ledger[LoadCount.Refused],
            Arrived = after.Arrived - before.Arrived,
            LogRecords = after.LogRecords - before.LogRecords,
            Connections = after.Connections - before.Connections,
            AcknowledgedPerSecond = acknowledged / TimeProvider.System.GetElapsedTime(began, ledger[LoadCount.LastAnswer]).TotalSeconds,
            DeliveredPerSecond = acknowledged / TimeProvider.System.GetElapsedTime(
                began, ledger[row.LogsPerRecord == 0 ? LoadCount.LastConnections : LoadCount.LastArrival]).TotalSeconds,
            WarmUpProcessorPerMillion = warmUp,
            ProcessorPerMillion = daemonSeconds / acknowledged * 1e6,
            UserSeconds = after.User - before.User,
            SystemSeconds = after.System - before.System,
            SenderSeconds = senderSeconds,
            SinkSeconds = sinkSeconds,
            OtherSeconds = Math.Max(0, machine - daemonSeconds - senderSeconds - sinkSeconds),
            PeakMebibytes = house.Daemon.PeakMebibytes,
            PeakAnonymousMebibytes = house.Daemon.PeakAnonymousMebibytes,
            BytesOutPerRecord = (double)(after.BytesReceived - before.BytesReceived) / acknowledged,
            Series = ledger[LoadCount.Series],
            AnswerMilliseconds = answer,
            ArrivalMilliseconds = arrival,
        };
    }

    /// <summary>What a record costs while the runtime still compiles: CPU-seconds per million.</summary>
    static async Task<double> WarmUpAsync(LoadHouse house, double seconds, double? rate)
    {
        await using var sender = await house.FullSenderAsync(seconds, rate);
        var before = LoadState.Of(house);
        sender.Go();
        _ = await sender.ReadAsync();
        await house.DrainAsync();
        var after = LoadState.Of(house);
        return (after.User + after.System - before.User - before.System) / (after.Acknowledged - before.Acknowledged) * 1e6;
    }
}
