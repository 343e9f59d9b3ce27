using System.Net;
using System.Runtime.Versioning;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Tests.Hosting;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Deploy;

/// <summary>What the image asks of the daemon: another user, no capabilities, and nothing to write to but the spool.</summary>
[NonParallelizable]
[UnsupportedOSPlatform("windows")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class ConfinedTests : IDisposable
{
    readonly TemporaryFolder _state = new();
    readonly TemporaryFolder _program = new();

    public void Dispose()
    {
        _state.Dispose();
        _program.Dispose();
    }

    [Test]
    [Needs("unshare", "setpriv")]
    public async Task Runs_drains_and_stops_with_a_read_only_root_and_as_nobody()
    {
        if (Environment.UserName != "root")
            Assert.Ignore("only root can make the root file system read-only for a process");
        await using var backend = await OtlpReceiver.StartAsync();
        await using var daemon = await DaemonProcess.StartAsync(
            _state.Path, backend.HttpEndpoint, new Dictionary<string, string> { ["STREAMING__TOKEN"] = DaemonVariables.Token }, await ConfinedProgramAsync());

        var status = await File.ReadAllTextAsync($"/proc/{daemon.Id}/status");
        Assert.That(status, Does.Contain("Uid:\t1654\t1654").And.Contain("CapBnd:\t0000000000000000").And.Contain("NoNewPrivs:\t1"));
        Assert.That(await File.ReadAllTextAsync($"/proc/{daemon.Id}/mounts"), Does.Match(@"(?m)^\S+ / \S+ ro[ ,]"));
        await daemon.WaitForReadinessAsync(HttpStatusCode.OK);
        using var client = new DaemonClient(daemon.Hec);
        using var answer = await client.PostAsync(20);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await daemon.StopAsync(), Is.EqualTo(ExitCode.Ok));

        Assert.That(backend.LogRecords, Has.Count.EqualTo(20), daemon.Output);
        Assert.That(daemon.Output, Does.Not.Contain("warn").IgnoreCase);
    }

    /// <summary>A copy of the published program that user 1654 can reach, and a script that becomes it.</summary>
    async Task<string> ConfinedProgramAsync()
    {
        const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(await PublishedDaemon.PathAsync())!))
        {
            // A daemon in this process has set its umask: what was published since is root's alone.
            var copy = _program.File(Path.GetFileName(file));
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, Open);
        }

        File.SetUnixFileMode(_program.Path, Open);
        var script = _program.File("confined");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\nexec '{DeployFile.Path("docker/confined.sh")}' '{_state.Path}' '{_program.File("tailscale2otel")}'\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return script;
    }
}
