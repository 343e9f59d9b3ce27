using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class AddressIndexTests
{
    readonly FlowRecord _record = new();
    readonly AddressIndex _index = new();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(40)]
    [TestCase(FlowRecord.MaxNodes)]
    public void Finds_the_node_of_every_address_and_no_other(int nodes)
    {
        Fill(nodes);

        for (var i = 0; i < nodes * 2; i++)
            Assert.That(_index.Find(Address(i)), Is.EqualTo(i / 2));
        Assert.That(_index.Find(Address((nodes * 2) + 1)), Is.EqualTo(-1));
    }

    [Test]
    public void Forgets_the_record_before()
    {
        Fill(100);
        Fill(1);

        Assert.That(_index.Find(Address(1)), Is.Zero);
        Assert.That(_index.Find(Address(150)), Is.EqualTo(-1));
    }

    [Test]
    public void Knows_nothing_before_the_first_record() => Assert.That(_index.Find(Address(0)), Is.EqualTo(-1));

    void Fill(int nodes)
    {
        _record.Clear();
        for (var i = 0; i < nodes; i++)
        {
            _record.AddNode();
            _record.AddAddress(Address(i * 2));
            _record.AddAddress(Address((i * 2) + 1));
        }

        _index.Build(_record);
    }

    static IpValue Address(int number) => new(0, (ulong)number, IpFamily.V4);
}
