using System.Globalization;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>
/// What the published daemon takes of the processors for a flow record, from the socket to the backend, as a multiple of reading
/// the record's JSON. Of several rounds the least counts: what else goes on, the compiler above all, only adds. It takes some
/// seconds, because code that has just started is slower than code that runs.
/// </summary>
[NonParallelizable]
sealed class RelativeCostTests
{
    const int WarmUpBodies = 150;
    const int BodiesOfRound = 100;
    const int Rounds = 5;
    const int Senders = 4;
    const double TicksPerSecond = 100;

    /// <summary>Twice what a busy machine measured.</summary>
    const double Most = 40;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_record_costs_no_more_than_a_multiple_of_reading_its_JSON()
    {
        using var folder = new TemporaryFolder();
        await using var backend = await OtlpReceiver.StartAsync(new OtlpReceiverSettings { IsForgetful = true });
        var arrived = 0;
        backend.Kept = request => arrived += request.LogRecords.Count;
        Dictionary<string, string> settings = new() { ["COLLECTORS__FLOWLOGS__LOG_MODE"] = "per_record", ["SPOOL__MIN_FREE_BYTES"] = "0" };
        await using var daemon = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint, settings, await PublishedDaemon.PathAsync());
        using var sender = new HecSender { Target = daemon.Hec };
        await DeliverAsync(Bodies(0, WarmUpBodies));

        List<double> ratios = [];
        for (var round = 0; round < Rounds; round++)
        {
            var bodies = Bodies(WarmUpBodies + (round * BodiesOfRound), BodiesOfRound);
            var before = Processor(daemon.Id);
            await DeliverAsync(bodies);
            ratios.Add((Processor(daemon.Id) - before) / JsonWalk.Time(bodies).TotalSeconds);
        }

        TestContext.Out.WriteLine($"{string.Join(", ", ratios.Select(r => r.ToString("F1", CultureInfo.InvariantCulture)))} times reading the JSON");
        Assert.That(ratios.Min(), Is.LessThan(Most));

        async Task DeliverAsync(byte[][] bodies)
        {
            var expected = arrived + (bodies.Length * FlowBodies.Records);
            await Task.WhenAll(Enumerable.Range(0, Senders).Select(async s =>
            {
                for (var i = s; i < bodies.Length; i += Senders)
                    await sender.PostAsync(bodies[i], null, CancellationToken.None);
            }));
            await backend.WaitUntilAsync(() => arrived >= expected, () => $"{arrived} of {expected} records; {daemon.Output}", Limit);
        }
    }

    static byte[][] Bodies(int first, int count) => [.. Enumerable.Range(first, count).Select(FlowBodies.Body)];

    /// <summary>User and system seconds of a process: fields 14 and 15 of /proc/PID/stat, proc(5).</summary>
    static double Processor(int id)
    {
        var fields = File.ReadAllText($"/proc/{id}/stat").Split(") ")[1].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
