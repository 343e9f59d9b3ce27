namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>From the start of the process until the daemon says that it is ready, on an empty spool.</summary>
static class StartMeasure
{
    const int Starts = 10;

    /// <summary>Milliseconds, in order of size.</summary>
    public static async Task<IReadOnlyList<double>> RunAsync(LoadOptions options)
    {
        List<double> times = [];
        for (var i = 0; i < Starts; i++)
        {
            // Nothing is delivered, so that nobody need listen there.
            await using var daemon = await LoadDaemon.StartAsync(options, row: null, backendPort: 9);
            times.Add(daemon.StartTime.TotalMilliseconds);
        }

        times.Sort();
        return times;
    }
}
