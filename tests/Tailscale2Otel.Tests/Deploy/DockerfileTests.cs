using System.Text.RegularExpressions;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Architecture;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Deploy;

[TestFixture]
sealed class DockerfileTests
{
    static readonly DockerImage Image = DockerImage.Read();

    [Test]
    public void Runs_as_a_user_that_is_not_root()
    {
        var user = Image.Last("USER").Last().Replace("${APP_UID}", Image.Variables["APP_UID"], StringComparison.Ordinal);

        Assert.That(user, Is.EqualTo("1654:1654"));
        Assert.That(Image.Instructions[^1], Is.EqualTo(("final", "ENTRYPOINT", "[\"tailscale2otel\"]")));
        Assert.That(Image.Last("STOPSIGNAL"), Is.EqualTo(new[] { "SIGTERM" }));
    }

    /// <summary>Without it the program would be for the kind of processor that built it.</summary>
    [Test]
    public void Is_compiled_for_every_machine_of_its_architecture() =>
        Assert.That(Image.Instructions.Single(i => i.Arguments.Contains("dotnet publish", StringComparison.Ordinal)).Arguments, Does.Contain("-r \"linux-"));

    [Test]
    public void Exposes_the_receivers_and_not_the_admin_listener()
    {
        var receivers = new[] { new HecOptions().Listen, new WebhookOptions().Listen };

        Assert.That(Image.Last("EXPOSE").Single().Split(' '), Is.EquivalentTo(receivers.Select(PortOf)));
    }

    [Test]
    public async Task The_health_check_is_a_command()
    {
        var command = Regex.Match(Image.Last("HEALTHCHECK").Single(), """CMD \["tailscale2otel", "(.*)"\]$""").Groups[1].Value;
        using var help = CommandProcess.Start([command, "--help"]);

        var (code, output, error) = await help.ExitAsync();

        Assert.That(code, Is.EqualTo(ExitCode.Ok), error);
        Assert.That(output, Does.Contain("/readyz"));
    }

    [Test]
    public void The_spool_is_on_the_volume_and_belongs_to_the_user()
    {
        var volume = Image.Last("VOLUME").Single();

        Assert.That(new SpoolOptions().Directory, Does.StartWith(volume + "/"));
        Assert.That(Image.Variables.Keys, Has.None.StartWith(VariableName.Prefix), "a variable of the image would win over the operator's file");
        Assert.That(Image.Last("COPY"), Has.Some.EqualTo($"--from=build --chown=${{APP_UID}}:${{APP_UID}} /state {volume}"));
    }

    [Test]
    public void Copies_only_from_stages_that_are_there()
    {
        var sources = Image.Instructions.Where(i => i.Instruction == "COPY").Select(i => Regex.Match(i.Arguments, "--from=(\\S+)").Groups[1].Value).Where(s => s.Length > 0).Distinct();

        Assert.That(sources, Is.Not.Empty.And.SubsetOf(Image.Stages));
    }

    [Test]
    public void The_image_has_the_program_alone_and_the_build_tries_it_there()
    {
        var build = Image.Instructions.Where(i => i.Stage == "build").Select(i => i.Arguments).ToList();

        Assert.That(build, Has.Some.Contains("-p:PublishAot=true").And.Contains("mv /out/tailscale2otel /program/"), "symbols stay behind, and there is no .NET for another form");
        Assert.That(Image.Last("COPY"), Has.Some.EqualTo("--from=build --chown=0:0 /program /opt/tailscale2otel"));
        Assert.That(Image.Last("FROM").Single(), Does.StartWith("mcr.microsoft.com/dotnet/runtime-deps:"));
        Assert.That(Image.Last("RUN").Single(), Does.Contain("libzstd").And.Contain("libssl").And.EndWith("&& tailscale2otel version"));
    }

    [Test]
    public void What_the_build_needs_is_let_through_and_what_may_hold_secrets_is_not()
    {
        var rules = SourceTree.Read(".dockerignore").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith('#')).ToList();
        var through = rules.Where(r => r.StartsWith('!')).Select(r => r[1..]).ToList();

        Assert.That(rules[0], Is.EqualTo("*"));
        Assert.That(through, Does.Contain("src").And.Contain("Directory.Build.props").And.Contain(".editorconfig"));
        Assert.That(through.Where(p => !Path.Exists(Path.Combine(SourceTree.Root, p))), Is.Empty);
        Assert.That(through, Has.None.StartsWith("deploy").And.None.StartsWith(".git"));
    }

    static string PortOf(string listen) => ListenAddress.TryParse(listen, out var address) ? $"{address.Port}" : listen;
}
