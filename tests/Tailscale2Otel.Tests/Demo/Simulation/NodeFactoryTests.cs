using System.Net;
using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Tests.Demo.Simulation;

[TestFixture]
public sealed class NodeFactoryTests
{
    static readonly IPNetwork Cgnat = IPNetwork.Parse("100.64.0.0/10");
    static readonly IPNetwork TailscaleV6 = IPNetwork.Parse("fd7a:115c:a1e0::/48");

    /// <summary>Tailscale's own, for DNS and its web interface.</summary>
    static readonly IPAddress ServiceAddress = IPAddress.Parse("100.100.100.100");

    [TestCase(3)]
    [TestCase(12)]
    [TestCase(5000)]
    public void Nodes_differ_in_id_name_and_addresses_and_stay_in_the_ranges_of_a_tailnet(int count)
    {
        var nodes = Nodes(count);

        Assert.That(nodes, Has.Length.EqualTo(count));
        Assert.That(nodes.Select(n => n.Id), Has.All.Match("^n[1-9A-Za-z]{9}CNTRL$"));
        Assert.That(nodes.Where(n => !Cgnat.Contains(n.IPv4) || n.IPv4.Equals(ServiceAddress)), Is.Empty);
        Assert.That(nodes.Where(n => !TailscaleV6.Contains(n.IPv6)), Is.Empty);
        Assert.That(Distinct(n => n.Id), Is.EqualTo(count));
        Assert.That(Distinct(n => n.Name), Is.EqualTo(count));
        Assert.That(Distinct(n => n.IPv4), Is.EqualTo(count));
        Assert.That(Distinct(n => n.IPv6), Is.EqualTo(count));
        Assert.That(Distinct(n => n.Underlay), Is.EqualTo(count));

        int Distinct(Func<SimulatedNode, object> value) => nodes.Select(value).Distinct().Count();
    }

    [Test]
    public void There_is_one_subnet_router_one_exit_node_and_servers_and_people_beside_them()
    {
        var nodes = Nodes(12);

        Assert.That(nodes.Count(n => n.Role == NodeRole.SubnetRouter), Is.EqualTo(1));
        Assert.That(nodes.Count(n => n.Role == NodeRole.ExitNode), Is.EqualTo(1));
        Assert.That(nodes.Count(n => n.Role == NodeRole.Server), Is.GreaterThan(2));
        Assert.That(nodes.Count(n => n.Role == NodeRole.Personal), Is.GreaterThan(4));
        Assert.That(nodes, Has.All.Matches<SimulatedNode>(n => n.User is null == n.Tags.Length > 0));
    }

    static SimulatedNode[] Nodes(int count)
    {
        var factory = new NodeFactory(new Random(1));
        return factory.Nodes(count, factory.Users(count));
    }
}
