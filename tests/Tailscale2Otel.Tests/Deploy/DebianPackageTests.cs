using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Deploy;

/// <summary>The package as dpkg-deb sees it; deploy/debian/test.sh installs, upgrades and purges it.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class DebianPackageTests : IDisposable
{
    const string NativeProgram = "\0libc.so.6\0GLIBC_2.9\0GLIBC_2.34\0";
    const string RuntimeProgram = "\0libstdc++.so.6\0libc.so.6\0GLIBC_2.28\0";
    const string DropIn = "./usr/lib/systemd/system/tailscale2otel.service.d/ready-to-run.conf\n";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    [Needs("dpkg-deb", "bash")]
    public async Task Holds_what_the_unit_needs_with_the_version_of_the_build()
    {
        var package = await BuildAsync();

        Assert.That((await Tool.RunAsync("dpkg-deb", "--field", package, "Version")).Output.Trim(), Is.EqualTo(DeployFile.Version));
        Assert.That((await Tool.RunAsync("dpkg-deb", "--field", package, "Architecture")).Output.Trim(), Is.EqualTo("amd64"));
        var (_, files) = await Tool.RunAsync("dpkg-deb", "--contents", package);
        Assert.That(files, Does.Match(@"drwx------ root/root .*\./etc/tailscale2otel/credentials/\n"), "secrets are root's alone");
        Assert.That(files, Does.Match(@"-rwxr-xr-x root/root .*\./usr/lib/tailscale2otel/tailscale2otel\n"));
        Assert.That(files, Does.Contain("./usr/bin/tailscale2otel -> ../lib/tailscale2otel/tailscale2otel"));
        Assert.That(files, Does.Contain("./usr/lib/systemd/system/tailscale2otel.service").And.Contain("config.example.yaml"));
        foreach (var conffile in DeployFile.Text("debian/conffiles").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.That(files, Does.Contain($".{conffile}\n"));
    }

    [TestCase(NativeProgram, "libc6 (>= 2.34), libssl3t64 | libssl3,", false)]
    [TestCase(RuntimeProgram, "libc6 (>= 2.28), libgcc-s1, libstdc++6, libssl3t64 | libssl3,", true)]
    [Needs("dpkg-deb", "bash")]
    public async Task Depends_on_what_the_program_names_and_lets_a_runtime_compile(string program, string libraries, bool compiles)
    {
        var package = await BuildAsync(program);

        Assert.That((await Tool.RunAsync("dpkg-deb", "--field", package, "Depends")).Output, Does.Contain(libraries));
        Assert.That((await Tool.RunAsync("dpkg-deb", "--contents", package)).Output, compiles ? Does.Contain(DropIn) : Does.Not.Contain(DropIn));
    }

    [Test]
    [Needs("dpkg-deb", "bash")]
    public async Task Leaves_symbols_and_what_only_the_compiler_reads_out()
    {
        var (_, files) = await Tool.RunAsync("dpkg-deb", "--contents", await BuildAsync(NativeProgram, "tailscale2otel.dbg", "tailscale2otel.pdb", "tailscale2otel.xml"));

        Assert.That(files.Split('\n').Where(f => f.Contains("/usr/lib/tailscale2otel/tailscale2otel", StringComparison.Ordinal)), Has.One.Items);
    }

    [TestCase("postinst")]
    [TestCase("prerm")]
    [TestCase("postrm")]
    [Needs("sh")]
    public async Task A_maintainer_script_is_sound(string script)
    {
        Assert.That(await Tool.RunAsync("sh", "-n", DeployFile.Path($"debian/{script}")), Is.EqualTo((0, "")));
        Assert.That(DeployFile.Text($"debian/{script}"), Does.StartWith("#!/bin/sh\nset -e\n"));
    }

    [Test]
    [Needs("bash")]
    public async Task A_system_without_packages_is_refused_with_those_that_have_them()
    {
        var (code, output) = await Tool.RunAsync("bash", DeployFile.Path("debian/build.sh"), "--rid", "win-x64");

        Assert.That((code, output), Is.EqualTo((2, "no Debian package for win-x64; allowed: linux-x64, linux-arm64\n")));
    }

    async Task<string> BuildAsync(string program = "not the program", params string[] others)
    {
        var published = Directory.CreateDirectory(_folder.File("published")).FullName;
        await File.WriteAllTextAsync(Path.Combine(published, "tailscale2otel"), program);
        foreach (var other in others)
            await File.WriteAllTextAsync(Path.Combine(published, other), "");
        var (code, output) = await Tool.RunAsync("bash", DeployFile.Path("debian/build.sh"), "--published", published, "--output", _folder.Path);
        Assert.That(code, Is.Zero, output);
        return output.Trim();
    }
}
