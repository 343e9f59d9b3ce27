using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Benchmarks.Durability;

/// <summary>Senders that each wait for their append to be durable before the next, and the flushes that they share.</summary>
static class FlushMeasure
{
    const int RecordsInRequest = 100;
    const int PayloadBytes = 1400;

    static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    public static async Task<(double Requests, double Flushes, double Median)> RunAsync(string directory, int senders)
    {
        List<double> flushes = [];
        using var meter = new Meter("durability");
        using var listener = new MeterListener { InstrumentPublished = (i, l) => l.EnableMeasurementEvents(i) };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            if (instrument.Meter == meter && instrument.Name == "tailscale2otel.spool.flush.duration")
                flushes.Add(value);
        });
        listener.Start();

        long requests = 0;
        await using (var spool = DiskSpool.Open(new SpoolOptions { Directory = directory, MaxBytes = long.MaxValue / 4 }, TimeProvider.System, meter, NullLogger.Instance))
        {
            using var over = new CancellationTokenSource(Duration);
            await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(async () =>
            {
                var payload = new byte[PayloadBytes];
                while (!over.IsCancellationRequested)
                {
                    using var append = new SpoolAppend();
                    for (var i = 0; i < RecordsInRequest; i++)
                        append.Add(RecordSource.Stream, RecordSignal.Flow, "example.com", 1, default, payload);
                    if ((await spool.AppendAsync(append, CancellationToken.None)).Outcome != AppendOutcome.Durable)
                        throw new InvalidOperationException("The spool refuses.");
                    Interlocked.Increment(ref requests);
                }
            })));
        }

        Directory.Delete(directory, recursive: true);
        flushes.Sort();
        return (requests / Duration.TotalSeconds, flushes.Count / Duration.TotalSeconds, flushes[flushes.Count / 2]);
    }
}
