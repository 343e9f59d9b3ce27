namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>
/// The whole daemon under load, idle and at its start: the tables of docs/performance.md as Markdown, and as JSON for machines.
/// Sender, daemon and backend are processes of their own that share this machine.
/// </summary>
static class LoadCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (LoadOptions.Parse(args, out var problem) is not { } options)
        {
            await Console.Error.WriteLineAsync(problem);
            await Console.Error.WriteLineAsync(LoadOptions.Usage);
            return 2;
        }

        var report = new LoadReport(options);
        foreach (var row in LoadRow.All.Where(r => options.Measures(r.Name)))
            report.Add(await MedianAsync(options, row));
        if (options.Measures(LoadOptions.Latency))
            report.Add(await MedianAsync(options, LoadRow.Latency with { Rate = options.Rate ?? await FullRateAsync(options, report) / 10 }));
        if (options.Measures(LoadOptions.Idle))
            report.Idle = await IdleMeasure.RunAsync(options);
        if (options.Measures(LoadOptions.Start))
            report.Starts = await StartMeasure.RunAsync(options);
        if (options.Measures(LoadOptions.Soak))
            report.Soak = await SoakMeasure.RunAsync(options, options.Rate ?? await FullRateAsync(options, report) / 2);

        report.Print(Console.Out);
        if (options.Json is not null)
            await report.WriteJsonAsync(options.Json);
        return report.Agrees ? 0 : 1;
    }

    /// <summary>What the default log mode delivers at full load; measured when the rows have not.</summary>
    static async Task<double> FullRateAsync(LoadOptions options, LoadReport report) =>
        (report.Find(LoadRow.PerConnection.Name) ?? await RowMeasure.RunAsync(options, LoadRow.PerConnection)).DeliveredPerSecond;

    static async Task<IReadOnlyList<LoadResult>> MedianAsync(LoadOptions options, LoadRow row)
    {
        List<LoadResult> results = [];
        for (var run = 1; run <= options.Runs; run++)
        {
            var result = await RowMeasure.RunAsync(options, row);
            await Console.Error.WriteLineAsync(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{row.Name}, run {run}: {result.ProcessorPerMillion:N1} CPU-seconds per million records, {result.DeliveredPerSecond:N0} records/s, {result.PeakMebibytes:N0} MiB{(result.Agrees ? "" : ", COUNTS DO NOT AGREE")}"));
            results.Add(result);
        }

        return results;
    }
}
