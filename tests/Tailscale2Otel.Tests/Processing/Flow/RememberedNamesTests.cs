using System.Text;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class RememberedNamesTests
{
    const long Minute = 60_000_000_000;

    readonly RememberedNames _names = new();

    [Test]
    public void Remembers_for_half_an_hour_since_it_was_last_said()
    {
        _names.Put(Address(1), "web"u8, 0);
        _names.Put(Address(1), "web"u8, 10 * Minute);

        Assert.That(Get(Address(1), 40 * Minute), Is.EqualTo("web"));
        Assert.That(Get(Address(1), (40 * Minute) + 1), Is.Empty);
        Assert.That(Get(Address(2), 0), Is.Empty);
    }

    [Test]
    public void Takes_the_newer_name_longer_or_shorter()
    {
        foreach (var name in new[] { "web", "web-server-1", "db" })
        {
            _names.Put(Address(1), Encoding.UTF8.GetBytes(name), 0);
            Assert.That(Get(Address(1), 0), Is.EqualTo(name));
        }
    }

    [Test]
    public void Keeps_node_ids_and_addresses_apart()
    {
        _names.Put(RememberedNames.KeyOf("n1"u8), "one"u8, 0);
        _names.Put(RememberedNames.KeyOf("n2"u8), "two"u8, 0);
        _names.Put(Address(1), "three"u8, 0);

        Assert.That(Get(RememberedNames.KeyOf("n1"u8), 0), Is.EqualTo("one"));
        Assert.That(Get(RememberedNames.KeyOf("n2"u8), 0), Is.EqualTo("two"));
        Assert.That(Get(Address(1), 0), Is.EqualTo("three"));
    }

    [Test]
    public void Forgets_the_oldest_when_it_is_full()
    {
        const int capacity = RememberedNames.Nodes * 3;
        for (var i = 0; i < capacity + 1000; i++)
            _names.Put(Address(i), Encoding.UTF8.GetBytes($"node-{i}"), 0);

        for (var i = 0; i < capacity + 1000; i++)
            Assert.That(Get(Address(i), 0), Is.EqualTo(i < 1000 ? "" : $"node-{i}"));
    }

    string Get(IpValue key, long now) => Encoding.UTF8.GetString(_names.Get(key, now));

    static IpValue Address(int number) => new(0, (ulong)number, IpFamily.V4);
}
