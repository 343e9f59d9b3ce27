using System.Globalization;
using System.Runtime.Versioning;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>The published daemon under libfaketime, whose offset the test writes: what a jump of the system's clock is to a process.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ClockProcessTests
{
    /// <summary>For the published daemon's metrics and retries, which do not depend on the clock.</summary>
    static readonly Dictionary<string, string> Settings = new() { ["OTLP__METRIC_INTERVAL"] = "300ms", ["OTLP__RETRY__INITIAL_INTERVAL"] = "50ms", ["OTLP__RETRY__MAX_INTERVAL"] = "100ms" };

    [Test]
    public async Task A_system_clock_that_jumps_loses_and_doubles_nothing()
    {
        var library = Directory.Exists("/usr/lib") ? Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }).FirstOrDefault() : null;
        if (library is null)
            Assert.Ignore("faketime is not installed");

        await using var harness = await FaultHarness.StartAsync(Settings);
        var offset = Path.Combine(harness.Folder, "offset");
        await SetAsync(offset, 0);
        harness.Executable = Faked(harness, library, offset);
        var backend = new FaultyBackend(harness.Backend, FaultHarness.Random(20260803));
        await harness.StartDaemonAsync();
        foreach (var hours in new[] { 1, 0, -1, 0, 27, 0, -27, 0 })
        {
            await harness.Load.PostAsync(5);
            backend.Set(BackendFault.Busier, BackendFault.Busier, oneIn: 2, 6);
            await SetAsync(offset, hours);
            await harness.Load.PostAsync(5);
            using var again = new FlowLoad { Sender = { Target = harness.Daemon.Hec } };
            await again.PostAsync(harness.Load.Acknowledged.Count / again.BatchRecords);
            if (hours is -1 or 27)
            {
                await harness.WaitForAcknowledgedAsync();
                await harness.KillAsync();
                await harness.StartDaemonAsync();
            }
        }

        backend.Clear();
        await harness.FinishAsync();
        TestContext.Out.WriteLine(backend.Summary);
    }

    /// <summary>As a whole: the process reads it whenever it asks for the time.</summary>
    static async Task SetAsync(string path, int hours)
    {
        await File.WriteAllTextAsync(path + ".new", string.Create(CultureInfo.InvariantCulture, $"{hours * 3600:+0;-0;+0}\n"));
        File.Move(path + ".new", path, overwrite: true);
    }

    static string Faked(FaultHarness harness, string library, string offset)
    {
        var path = Path.Combine(harness.Folder, "faked");
        File.WriteAllText(path, $"""
            #!/bin/sh
            export LD_PRELOAD={library} DONT_FAKE_MONOTONIC=1 FAKETIME_NO_CACHE=1 FAKETIME_TIMESTAMP_FILE={offset}
            exec {harness.Executable} "$@"

            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
