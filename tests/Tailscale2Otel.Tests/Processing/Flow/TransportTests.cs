using System.Text;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed class TransportTests
{
    [TestCase(0, "unknown")]
    [TestCase(-1, "unknown")]
    [TestCase(256, "unknown")]
    [TestCase(1, "icmp")]
    [TestCase(2, "igmp")]
    [TestCase(4, "4")]
    [TestCase(6, "tcp")]
    [TestCase(17, "udp")]
    [TestCase(47, "gre")]
    [TestCase(50, "esp")]
    [TestCase(51, "ah")]
    [TestCase(58, "ipv6-icmp")]
    [TestCase(89, "ospf")]
    [TestCase(99, "tsmp")]
    [TestCase(132, "sctp")]
    [TestCase(255, "255")]
    public void Writes_a_name_where_there_is_one(int number, string expected) =>
        Assert.That(Encoding.ASCII.GetString(Transport.NameOf(number)), Is.EqualTo(expected));

    [TestCase("icmp", 1)]
    [TestCase("ICMPv4", 1)]
    [TestCase("igmp", 2)]
    [TestCase("ipv4", 4)]
    [TestCase("ip-in-ip", 4)]
    [TestCase("TCP", 6)]
    [TestCase("egp", 8)]
    [TestCase("igp", 9)]
    [TestCase("Udp", 17)]
    [TestCase("dccp", 33)]
    [TestCase("gre", 47)]
    [TestCase("esp", 50)]
    [TestCase("ah", 51)]
    [TestCase("ipv6-icmp", 58)]
    [TestCase("icmpv6", 58)]
    [TestCase("tsmp", 99)]
    [TestCase("sctp", 132)]
    [TestCase("quic", -1)]
    [TestCase("tcp ", -1)]
    public void Reads_names_in_any_case_and_knows_which_it_does_not_know(string name, int expected) =>
        Assert.That(Transport.NumberOf(Encoding.ASCII.GetBytes(name)), Is.EqualTo(expected));
}
