using System.Globalization;

namespace Tailscale2Otel.Benchmarks.Durability;

/// <summary>What the promises cost: flushes, the start on a large spool, the deduplication window. Prints the tables of docs/durability.md.</summary>
static class DurabilityRun
{
    const long Gigabyte = 1_000_000_000;
    const int Keys = 1_000_000;

    static readonly int[] Senders = [1, 4, 16, 64];

    /// <param name="args">A directory on the disk that is to be measured, and the gigabytes of the large spool.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length != 2 || !double.TryParse(args[1], CultureInfo.InvariantCulture, out var gigabytes) || gigabytes <= 0)
        {
            await Console.Error.WriteLineAsync("usage: durability DIRECTORY GIGABYTES");
            return 2;
        }

        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Print("| senders | requests/s | flushes/s | requests sharing a flush | median flush |", "| ---: | ---: | ---: | ---: | ---: |");
        foreach (var senders in Senders)
        {
            var (requests, flushes, median) = await FlushMeasure.RunAsync(Path.Combine(args[0], "flush"), senders);
            Print($"| {senders} | {requests:N0} | {flushes:N0} | {requests / flushes:N1} | {median * 1000:N2} ms |");
        }

        Print("", "| start on a spool of | segments | after | time | bytes read |", "| ---: | ---: | --- | ---: | ---: |");
        await foreach (var start in StartMeasure.RunAsync(Path.Combine(args[0], "start"), (long)(gigabytes * Gigabyte)))
            Print($"| {start.Bytes / (double)Gigabyte:N1} GB | {start.Segments:N0} | {start.After} | {start.Time.TotalMilliseconds:N0} ms | {start.BytesRead:N0} |");

        var window = WindowMeasure.Run(Path.Combine(args[0], "window"), Keys);
        Print("", "| deduplication window of a million keys | |", "| --- | ---: |");
        Print($"| memory | {window.BytesInMemory / (double)Keys:N1} bytes a key |");
        Print($"| files | {window.BytesOnDisk / (double)Keys:N1} bytes a key |");
        Print($"| a new key, with its share of the files and their flushes | {window.Claim.TotalNanoseconds / Keys:N0} ns |");
        Print($"| loading at the start | {window.Load.TotalMilliseconds:N0} ms |");
        return 0;
    }

    static void Print(params string[] lines)
    {
        foreach (var line in lines)
            Console.WriteLine(line);
    }
}
