using System.Globalization;
using System.Text.Json;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>What was measured, as tables and as JSON. Of several runs a table has the one of median cost.</summary>
sealed class LoadReport(LoadOptions options)
{
    static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    readonly List<IReadOnlyList<LoadResult>> _rows = [];

    public IdleResult? Idle { get; set; }

    /// <summary>Milliseconds, in order of size.</summary>
    public IReadOnlyList<double> Starts { get; set; } = [];

    public IReadOnlyList<SoakMinute> Soak { get; set; } = [];

    public bool Agrees => _rows.SelectMany(r => r).All(r => r.Agrees);

    public void Add(IReadOnlyList<LoadResult> runs) => _rows.Add([.. runs.OrderBy(r => r.ProcessorPerMillion)]);

    public LoadResult? Find(string name) => _rows.Select(Median).FirstOrDefault(r => r.Name == name);

    public void Print(TextWriter output)
    {
        output.WriteLine(FormattableString.Invariant($"{Machine.Of(options.Executable)}; {options.Seconds} s after {options.WarmUp} s of warm-up, {options.Connections} connections, {options.Nodes} nodes, {options.Pairs} pairs{(options.Named ? ", named" : "")}{string.Concat(options.Settings.Select(s => $", {s.Key}={s.Value}"))}; median of {options.Runs}"));
        output.WriteLine();
        if (_rows.Count > 0)
            PrintRows(output, [.. _rows.Select(Median)]);
        if (Idle is not null)
            Line(output, $"Idle: {Idle.ResidentMebibytes:N0} MiB resident, {Idle.AnonymousMebibytes:N0} MiB of it anonymous; {Idle.Processor * 100:N2} % of a core.");
        if (Starts.Count > 0)
            Line(output, $"Start to ready: median {Starts[Starts.Count / 2]:N0} ms, {Starts[0]:N0} to {Starts[^1]:N0} ms.");
        if (Soak.Count > 0)
            PrintSoak(output);
    }

    public async Task WriteJsonAsync(string path)
    {
        await using var file = File.Create(path);
        await JsonSerializer.SerializeAsync(
            file,
            new
            {
                Machine = Machine.Of(options.Executable),
                Options = new { options.Seconds, options.WarmUp, options.Runs, options.Rate, options.Connections, options.Nodes, options.Pairs, options.Named, options.Settings },
                Rows = _rows.Select(runs => new { Median = Median(runs), Runs = runs }),
                Idle,
                StartMilliseconds = Starts,
                Soak,
            },
            Json);
    }

    static LoadResult Median(IReadOnlyList<LoadResult> runs) => runs[runs.Count / 2];

    static void PrintRows(TextWriter output, LoadResult[] rows)
    {
        Line(output, $"| row | CPU-seconds per million records | in the warm-up | user / system | peak resident | of it anonymous | acknowledged records/s | delivered records/s | acknowledged | arrived | log records | repeats | connections counted |");
        Line(output, $"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var r in rows)
        {
            var user = r.UserSeconds / (r.UserSeconds + r.SystemSeconds) * 100;
            Line(output, $"| {r.Name} | {r.ProcessorPerMillion:N1} | {r.WarmUpProcessorPerMillion:N1} | {user:N0} / {100 - user:N0} % | {r.PeakMebibytes:N0} MiB | {r.PeakAnonymousMebibytes:N0} MiB | {r.AcknowledgedPerSecond:N0} | {r.DeliveredPerSecond:N0} | {r.Acknowledged:N0} | {r.Arrived:N0} | {r.LogRecords:N0} | {r.Repeats:N0} | {r.Connections:N0} |");
        }

        output.WriteLine();
        Line(output, $"| row | answer p50 / p90 / p99 / max ms | at the backend p50 / p90 / p99 / max ms | refused requests | bytes out per record | series | sender, sink, other processes CPU-seconds per million |");
        Line(output, $"| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var r in rows)
        {
            var million = r.Acknowledged / 1e6;
            Line(output, $"| {r.Name} | {Text(r.AnswerMilliseconds)} | {Text(r.ArrivalMilliseconds)} | {r.Refused:N0} | {r.BytesOutPerRecord:N0} | {r.Series:N0} | {r.SenderSeconds / million:N1}, {r.SinkSeconds / million:N1}, {r.OtherSeconds / million:N1} |");
        }

        output.WriteLine();
    }

    void PrintSoak(TextWriter output)
    {
        output.WriteLine();
        Line(output, $"| minute | arrived | backlog | CPU-seconds per million records | resident | of it anonymous | series |");
        Line(output, $"| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var m in Soak)
            Line(output, $"| {m.Minute} | {m.Arrived:N0} | {m.Backlog:N0} | {m.ProcessorPerMillion:N1} | {m.ResidentMebibytes:N0} MiB | {m.AnonymousMebibytes:N0} MiB | {m.Series:N0} |");
    }

    static string Text(Percentiles p) => p.Max == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{p.P50:N1} / {p.P90:N1} / {p.P99:N1} / {p.Max:N1}");

    static void Line(TextWriter output, FormattableString line) => output.WriteLine(FormattableString.Invariant(line));
}
