using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Deploy;

/// <summary>The unit of systemd with its environment and configuration.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class UnitTests : IDisposable
{
    const string Unit = "systemd/tailscale2otel.service";
    const string DropIn = "systemd/ready-to-run.conf";

    /// <summary>Tenths: above it systemd's own judgement is no longer "OK".</summary>
    const string MostExposure = "15";

    static readonly ILookup<string, string> Settings = DeployFile.Text(Unit).Split('\n')
        .Where(l => l.Contains('=', StringComparison.Ordinal) && !l.StartsWith('#'))
        .Select(l => l.Split('=', 2))
        .ToLookup(p => p[0], p => p[1], StringComparer.Ordinal);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public void Its_configuration_loads_as_it_is_and_with_what_is_commented_out(bool uncommented)
    {
        var yaml = DeployFile.Text("systemd/config.yaml");
        if (uncommented)
            yaml = DeployFile.Uncommented(yaml).Replace("client_id: \"\"", "client_id: some", StringComparison.Ordinal).Replace("enabled: false", "enabled: true", StringComparison.Ordinal);

        var config = DeployFile.Load(yaml, "/run/credentials/tailscale2otel.service/secret_", _folder);

        Assert.That(DeployFile.Complaints(config), Is.Empty);
    }

    [Test]
    public void Waits_for_ready_watches_and_leaves_time_for_the_drain()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Settings["Type"].Single(), Is.EqualTo("notify"));
            Assert.That(int.Parse(Settings["WatchdogSec"].Single()), Is.GreaterThanOrEqualTo(10));
            Assert.That(TimeSpan.FromSeconds(int.Parse(Settings["TimeoutStopSec"].Single())), Is.GreaterThan(new ShutdownOptions().Total));
        });
    }

    [Test]
    public void The_spool_is_in_the_state_directory()
    {
        Assert.That(new SpoolOptions().Directory, Is.EqualTo($"/var/lib/{Settings["StateDirectory"].Single()}/spool"));
        Assert.That(Settings["Environment"], Has.None.StartWith(VariableName.Prefix), "a variable of the unit would win over the operator's file");
    }

    [Test]
    public void Credentials_are_where_the_configuration_looks_for_them()
    {
        var (name, source) = Settings["LoadCredential"].Single().Split(':') is [var id, var path] ? (id, path) : default;

        Assert.That(DeployFile.Text("systemd/config.yaml"), Does.Contain($"/run/credentials/{Path.GetFileName(Unit)}/{name}_"));
        Assert.That(DeployFile.Text("debian/build.sh"), Does.Contain($"install -d -m 0700 \"$root\"{source}"));
    }

    [Test]
    public void Everything_it_starts_from_is_in_the_package()
    {
        var build = DeployFile.Text("debian/build.sh");
        var command = Settings["ExecStart"].Single().Split(' ');

        Assert.That(build, Does.Contain($"\"$root\"{command[0]}\n"));
        Assert.That(command[^1], Is.EqualTo("/etc/tailscale2otel/config.yaml"));
        Assert.That(DeployFile.Text("debian/conffiles").Split('\n'), Does.Contain(command[^1]).And.Contain(Settings["EnvironmentFile"].Single().TrimStart('-')));
    }

    [Test]
    public void Only_the_form_that_compiles_while_it_runs_may_make_memory_executable()
    {
        Assert.That(Settings["MemoryDenyWriteExecute"].Single(), Is.EqualTo("yes"));
        Assert.That(DeployFile.Text(DropIn), Does.Contain("[Service]\nMemoryDenyWriteExecute=no\n"));
        Assert.That(DeployFile.Text("debian/build.sh"), Does.Contain($"deploy/{DropIn} "));
    }

    [TestCase(false)]
    [TestCase(true)]
    [Needs("systemd-analyze")]
    public async Task Systemd_has_no_complaint(bool forTheRuntime)
    {
        // It looks whether the program is there.
        var unit = _folder.File(Path.GetFileName(Unit));
        await File.WriteAllTextAsync(unit, DeployFile.Text(Unit).Replace("/usr/bin/tailscale2otel ", "/bin/true ", StringComparison.Ordinal));
        if (forTheRuntime)
            File.Copy(DeployFile.Path(DropIn), Path.Combine(Directory.CreateDirectory(unit + ".d").FullName, Path.GetFileName(DropIn)));

        Assert.That(await Tool.RunAsync("systemd-analyze", "verify", "--man=no", unit), Is.EqualTo((0, "")));
    }

    [Test]
    [Needs("systemd-analyze")]
    public async Task Systemd_finds_little_exposure()
    {
        var (code, output) = await Tool.RunAsync("systemd-analyze", "security", "--offline=true", $"--threshold={MostExposure}", DeployFile.Path(Unit));

        Assert.That(code, Is.Zero, output);
    }
}
