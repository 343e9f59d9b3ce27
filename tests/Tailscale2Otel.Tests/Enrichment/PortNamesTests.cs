using System.Text;
using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Tests.Enrichment;

public sealed class PortNamesTests
{
    const int Tcp = 6;
    const int Udp = 17;
    const int Sctp = 132;

    [TestCase(Tcp, 22, "ssh")]
    [TestCase(Tcp, 25, "smtp")]
    [TestCase(Tcp, 53, "domain")]
    [TestCase(Udp, 53, "domain")]
    [TestCase(Udp, 67, "bootps")]
    [TestCase(Tcp, 80, "http")]
    [TestCase(Tcp, 110, "pop3")]
    [TestCase(Udp, 123, "ntp")]
    [TestCase(Tcp, 143, "imap")]
    [TestCase(Udp, 161, "snmp")]
    [TestCase(Tcp, 179, "bgp")]
    [TestCase(Tcp, 389, "ldap")]
    [TestCase(Tcp, 443, "https")]
    [TestCase(Udp, 443, "https")]
    [TestCase(Tcp, 445, "microsoft-ds")]
    [TestCase(Tcp, 465, "submissions")]
    [TestCase(Udp, 500, "isakmp")]
    [TestCase(Tcp, 512, "exec")]
    [TestCase(Udp, 512, "biff")]
    [TestCase(Tcp, 514, "shell")]
    [TestCase(Udp, 514, "syslog")]
    [TestCase(Tcp, 636, "ldaps")]
    [TestCase(Tcp, 993, "imaps")]
    [TestCase(Tcp, 2049, "nfs")]
    [TestCase(Tcp, 3306, "mysql")]
    [TestCase(Tcp, 3389, "ms-wbt-server")]
    [TestCase(Udp, 3478, "stun")]
    [TestCase(Udp, 4500, "ipsec-nat-t")]
    [TestCase(Udp, 5060, "sip")]
    [TestCase(Udp, 5353, "mdns")]
    [TestCase(Tcp, 5432, "postgresql")]
    [TestCase(Tcp, 5672, "amqp")]
    [TestCase(Sctp, 5672, "amqp")]
    [TestCase(Tcp, 6379, "redis")]
    [TestCase(Tcp, 8080, "http-alt")]
    [TestCase(Tcp, 27017, "mongodb")]
    [TestCase(Sctp, 3868, "diameter")]
    [TestCase(Sctp, 38412, "ng-control")]
    public void Registered_ports_have_their_name(int protocol, int port, string name) =>
        Assert.That(Encoding.ASCII.GetString(PortNames.Lookup(protocol, port)), Is.EqualTo(name));

    [TestCase(Tcp, 0)]
    [TestCase(Tcp, -1)]
    [TestCase(Tcp, 65_536)]
    [TestCase(Tcp, 65_535)]
    [TestCase(Udp, 6379)]
    [TestCase(1, 22)]
    [TestCase(0, 22)]
    [TestCase(-1, 22)]
    [TestCase(256, 22)]
    public void Anything_else_has_none(int protocol, int port) => Assert.That(PortNames.Lookup(protocol, port).IsEmpty, Is.True);

    [Test]
    public void The_table_is_sorted_unique_and_lower_case_ascii()
    {
        var lines = PortNamesMerge.ReadTable();
        Assert.That(lines, Has.Count.GreaterThan(3_000));
        Assert.That(lines.Select(PortNamesMerge.Format), Is.EqualTo(PortNamesMerge.Merge(lines, [])));
        Assert.That(lines.Select(l => (l.Port, l.Transport)), Is.Unique);
        Assert.That(lines.Select(l => l.Name), Is.All.Match("^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$"), "RFC 6335, section 5.1");
    }

    [Test]
    public void Every_line_of_the_table_is_found()
    {
        foreach (var line in PortNamesMerge.ReadTable())
        {
            var protocol = line.Transport switch { "tcp" => Tcp, "udp" => Udp, _ => Sctp };
            Assert.That(Encoding.ASCII.GetString(PortNames.Lookup(protocol, line.Port)), Is.EqualTo(line.Name));
        }
    }
}
