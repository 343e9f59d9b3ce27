using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>
/// Full load on the published daemon: as many requests as 16 connections get answered, until the time is over and everything
/// acknowledged has arrived. Sender, daemon and backend share the machine. Prints one row of docs/performance.md.
/// </summary>
static class LoadRun
{
    const int Connections = 16;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="args">Executable, seconds, and <c>per_connection</c>, <c>per_record</c> or <c>off</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length != 3 || !int.TryParse(args[1], out var seconds))
        {
            await Console.Error.WriteLineAsync("usage: load EXECUTABLE SECONDS per_connection|per_record");
            return 2;
        }

        await using var sink = await LoadSink.StartAsync();
        await using var daemon = await LoadDaemon.StartAsync(args[0], sink.Address, args[2]);
        var bodies = Enumerable.Range(0, 32).Select(seed => new LoadBody(seed)).ToArray();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"load:{LoadDaemon.Token}")));

        var (time, cpu) = (TimeProvider.System.GetTimestamp(), daemon.ProcessorSeconds);
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var next = -1L;
        long acknowledged = 0;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                var request = Interlocked.Increment(ref next);
                if (await PostAsync(http, daemon.Hec, bodies[request % bodies.Length], request * LoadBody.Records))
                    Interlocked.Add(ref acknowledged, LoadBody.Records);
            }
        })));
        var sent = TimeProvider.System.GetElapsedTime(time);
        await DrainAsync(sink, acknowledged);

        var all = TimeProvider.System.GetElapsedTime(time, sink.LastAt);
        var spent = daemon.ProcessorSeconds - cpu;
        Console.WriteLine("| log_mode | acknowledged records/s | end to end records/s | CPU-seconds per million records | peak resident | acknowledged | arrived | log records |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {args[2]} | {acknowledged / sent.TotalSeconds:N0} | {sink.Unique / all.TotalSeconds:N0} | {spent / sink.Unique * 1e6:N1} | {daemon.PeakMebibytes:N0} MiB | {acknowledged:N0} | {sink.Unique:N0} | {sink.LogRecords:N0} |"));
        return sink.Unique >= acknowledged ? 0 : 1;
    }

    static async Task<bool> PostAsync(HttpClient http, Uri target, LoadBody body, long first)
    {
        var bytes = new byte[body.Length];
        body.Write(bytes, first);
        using var content = new ByteArrayContent(bytes);
        using var response = await http.PostAsync(target, content);
        return response.IsSuccessStatusCode;
    }

    /// <summary>Ends when everything has arrived, or when nothing has for a long time.</summary>
    static async Task DrainAsync(LoadSink sink, long acknowledged)
    {
        var (last, since) = (sink.Unique, TimeProvider.System.GetTimestamp());
        while (sink.Unique < acknowledged && TimeProvider.System.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(50);
            if (sink.Unique != last)
                (last, since) = (sink.Unique, TimeProvider.System.GetTimestamp());
        }
    }
}
