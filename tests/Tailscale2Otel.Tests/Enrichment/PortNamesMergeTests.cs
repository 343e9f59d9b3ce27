namespace Tailscale2Otel.Tests.Enrichment;

public sealed class PortNamesMergeTests
{
    [Test]
    public void Takes_names_and_ranges_from_the_registry()
    {
        string[] csv =
        [
            "Service Name,Port Number,Transport Protocol,Description,Assignee",
            "http,80,tcp,World Wide Web HTTP,",
            "www,80,tcp,World Wide Web HTTP,",
            "X11,6000-6002,tcp,X Window System,",
            ",1023,tcp,Reserved,",
            "dccp-only,9,dccp,Discard,",
            "noport,,tcp,,",
        ];
        Assert.That(PortNamesMerge.FromIana(csv), Is.EqualTo(new PortName[] { new(80, "tcp", "http"), new(6000, "tcp", "x11"), new(6001, "tcp", "x11"), new(6002, "tcp", "x11") }));
    }

    [Test]
    public void Adds_from_a_services_file_what_is_new_and_registered()
    {
        string[] services =
        [
            "# comment",
            "ssh\t\t22/tcp\t\t\t# SSH",
            "www 80/tcp http",
            "echo 4/ddp",
            "# The remaining port numbers are not as allocated by IANA.",
            "local 999/tcp",
        ];
        Assert.That(PortNamesMerge.FromServices(services, [new PortName(80, "tcp", "http")]), Is.EqualTo(new PortName[] { new(22, "tcp", "ssh") }));
    }

    [Test]
    public void News_replace_old_names_and_lines_stay_in_order() =>
        Assert.That(
            PortNamesMerge.Merge([new(80, "udp", "http"), new(22, "tcp", "old")], [new(80, "tcp", "http"), new(22, "tcp", "ssh")]),
            Is.EqualTo(new[] { "22,tcp,ssh", "80,tcp,http", "80,udp,http" }));

    /// <summary>
    /// PORT_NAMES_FROM=service-names-port-numbers.csv PORT_NAMES_TO=src/Tailscale2Otel/Enrichment/PortNames.txt
    /// dotnet test --filter Name=Writes_the_merged_table. Paths are taken as they are: give full ones.
    /// </summary>
    [Test]
    [Explicit("Rewrites a source file")]
    public void Writes_the_merged_table()
    {
        var from = Environment.GetEnvironmentVariable("PORT_NAMES_FROM") ?? throw new InvalidOperationException("PORT_NAMES_FROM: a registry file");
        var to = Environment.GetEnvironmentVariable("PORT_NAMES_TO") ?? throw new InvalidOperationException("PORT_NAMES_TO: the table to write");
        var table = PortNamesMerge.ReadTable();
        var lines = File.ReadLines(from);
        var news = from.EndsWith(".csv", StringComparison.Ordinal) ? PortNamesMerge.FromIana(lines) : PortNamesMerge.FromServices(lines, table);
        File.WriteAllText(to, string.Join('\n', PortNamesMerge.Merge(table, news)) + "\n");
        Assert.That(File.ReadAllText(to), Is.Not.Empty);
    }
}
