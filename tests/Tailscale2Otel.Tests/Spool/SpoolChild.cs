using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Tests.Spool;

/// <summary>
/// This assembly run once more as a process of its own, which appends numbered records to a spool and prints each number once
/// it was answered, until somebody kills it.
/// </summary>
static class SpoolChild
{
    const string Variable = "TAILSCALE2OTEL_TESTS_SPOOL_CHILD";

    public static Process Start(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(SpoolChild).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[Variable] = folder;
        return Process.Start(start)!;
    }

    [ModuleInitializer]
    internal static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder)
            return;

        AppendForEver(folder);
    }

    static void AppendForEver(string folder)
    {
        using var meter = new Meter("child");
        var options = new SpoolOptions { Directory = folder, SegmentBytes = 64 * 1024, MaxBytes = 256 * 1024 * 1024, MinFreeBytes = 0 };
        var spool = DiskSpool.Open(options, TimeProvider.System, meter, NullLogger.Instance);
        var next = 0;
        using (var reader = spool.Read(SpoolPosition.Start))
        {
            while (reader.TryRead(out _))
                next++;
        }

        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        while (true)
        {
            using var batch = new SpoolAppend();
            for (var i = 0; i < 3; i++)
                batch.Add(RecordSource.Stream, RecordSignal.Flow, "t", 0, default, Encoding.UTF8.GetBytes($"{next + i} {new string('x', 1 + (next % 3000))}"));
            if (spool.AppendAsync(batch, default).AsTask().GetAwaiter().GetResult().Outcome != AppendOutcome.Durable)
                throw new InvalidOperationException("The spool refuses");
            next += 3;
            output.WriteLine(next - 1);
        }
    }
}
