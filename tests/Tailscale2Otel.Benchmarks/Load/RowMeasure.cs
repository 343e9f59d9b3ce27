namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>One run of one row: a fresh daemon, load for the time asked for, and until everything acknowledged has arrived.</summary>
static class RowMeasure
{
    /// <summary>Compressed requests are made beforehand, for this many flow records/s; a daemon that takes more ends the run early.</summary>
    const int PreparedPerSecond = 150_000;

    public static async Task<LoadResult> RunAsync(LoadOptions options, LoadRow row)
    {
        var rate = row.Rate ?? options.Rate;
        await using var house = await LoadHouse.OpenAsync(options, row);
        var prepared = (int)(options.Seconds * (rate ?? PreparedPerSecond) / LoadBody.Records);
        await using var sender = await house.SenderAsync(row.Gzip ? prepared : LoadLedger.Requests / 2, options.Seconds, rate);

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
}
