using System.Text;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Enrichment;

sealed class DeviceTableTests
{
    [Test]
    public void Finds_a_device_by_everything_that_names_it()
    {
        var table = Table(
            SomeDevices.Device("nWEB", "web-1.tail1234.ts.net", "100.64.0.1", "fd7a:115c:a1e0::1") with { Tags = ["tag:web", "tag:prod", "tag:web"] },
            SomeDevices.Device("nADA", "ada.tail1234.ts.net", "100.64.0.2/32"));

        Assert.Multiple(() =>
        {
            Assert.That(Text(table.FindByAddress(Address("100.64.0.1"))), Is.EqualTo("web-1 nWEB  tag:prod,tag:web linux"));
            Assert.That(Text(table.FindByAddress(Address("fd7a:115c:a1e0:0::1"))), Does.StartWith("web-1 "));
            Assert.That(Text(table.FindByAddress(Address("::ffff:100.64.0.1"))), Does.StartWith("web-1 "));
            Assert.That(Text(table.FindByAddress(Address("100.64.0.2"))), Is.EqualTo("ada nADA ada@example.com  linux"));
            Assert.That(Text(table.FindById("nWEB"u8)), Does.StartWith("web-1 "));
            Assert.That(Text(table.FindById("id-nWEB"u8)), Does.StartWith("web-1 "));
            Assert.That(Text(table.FindByName("web-1"u8)), Does.StartWith("web-1 "));
            Assert.That(Text(table.FindByName("web-1.tail1234.ts.net"u8)), Does.StartWith("web-1 "));
        });
    }

    [Test]
    public void Finds_nothing_that_is_not_there()
    {
        var table = Table(SomeDevices.Device("n1", null, "100.64.0.1") with { Id = "" });

        Assert.Multiple(() =>
        {
            Assert.That(table.FindByAddress(Address("100.64.0.3")).IsFound, Is.False);
            Assert.That(table.FindByAddress(default).IsFound, Is.False);
            Assert.That(table.FindById("n"u8).IsFound, Is.False);
            Assert.That(table.FindById(""u8).IsFound, Is.False);
            Assert.That(table.FindByName(""u8).IsFound, Is.False);
            Assert.That(DeviceTable.Empty.FindById("n1"u8).IsFound, Is.False);
            Assert.That(Text(default), Is.EqualTo("    "));
        });
    }

    [TestCase("")]
    [TestCase("100.64.0")]
    [TestCase("100.64.0.1/32/32x")]
    [TestCase("not an address")]
    [TestCase("1000000000000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("fe80::1%eth0")]
    [TestCase("é\ud800")]
    public void Passes_over_a_broken_address(string broken)
    {
        var table = Table(SomeDevices.Device("n1", null, broken, "100.64.0.9"));

        Assert.That(table.Count, Is.EqualTo(1));
        Assert.That(table.FindByAddress(Address("100.64.0.9")).IsFound, Is.True);
    }

    [Test]
    public void Gives_an_address_of_two_devices_to_the_own_one_whatever_the_order()
    {
        var own = SomeDevices.Device("n9", null, "100.64.0.1");
        var shared = SomeDevices.Device("n1", null, "100.64.0.1") with { IsExternal = true };
        var other = SomeDevices.Device("n8", null, "100.64.0.1");

        Assert.That(Text(Table(shared, own).FindByAddress(Address("100.64.0.1"))), Does.StartWith("n9 "));
        Assert.That(Text(Table(own, other, shared).FindByAddress(Address("100.64.0.1"))), Does.StartWith("n8 "));
        Assert.That(Text(Table(shared, other, own).FindByAddress(Address("100.64.0.1"))), Does.StartWith("n8 "));
    }

    [Test]
    public void Keeps_one_device_of_an_id_that_is_there_twice()
    {
        var table = Table(SomeDevices.Device("n1", "a.ts.net", "100.64.0.1") with { IsExternal = true }, SomeDevices.Device("n1", "b.ts.net", "100.64.0.2"));

        Assert.That(table.Count, Is.EqualTo(1));
        Assert.That(Text(table.FindById("n1"u8)), Does.StartWith("b "));
    }

    [Test]
    public void Never_lets_an_old_id_or_a_full_name_take_the_place_of_a_node_id_or_a_name()
    {
        var table = Table(SomeDevices.Device("n1", "b") with { Id = "n2" }, SomeDevices.Device("n2", "c.b"), SomeDevices.Device("n3", "b.ts.net") with { IsExternal = true });

        Assert.That(Text(table.FindById("n2"u8)), Does.StartWith("c n2"));
        Assert.That(Text(table.FindByName("b"u8)), Does.StartWith("b n1"));
        Assert.That(Text(table.FindByName("b.ts.net"u8)), Does.StartWith("b.ts.net n3"));
    }

    [TestCase(10)]
    [TestCase(100_000)]
    public void Allocates_nothing_for_a_lookup_and_finds_every_device(int count)
    {
        var table = Table([.. SomeDevices.Many(count).Devices]);
        Assert.That(table.Count, Is.EqualTo(count));
        var last = Encoding.UTF8.GetBytes($"n{count - 1}");
        var address = Address(SomeDevices.Address(count - 1));
        var found = Look();
        var allocated = Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
                found += Look();
        });

        Assert.That(allocated, Is.LessThan(1000));
        Assert.That(found, Is.EqualTo(20_004));
        Assert.That(Enumerable.Range(0, count).All(i => table.FindByAddress(Address(SomeDevices.Address(i))).Name.SequenceEqual(Encoding.UTF8.GetBytes($"node-{i}"))), Is.True);

        int Look() => (table.FindByAddress(address).IsFound ? 1 : 0) + (table.FindById(last).Tags.IsEmpty ? 1 : 0) + (table.FindById(last).Name.Length > 5 ? 1 : 0) + (table.FindByName("gone"u8).IsFound ? 0 : 1);
    }

    static DeviceTable Table(params Device[] devices) => new(devices);

    static IpValue Address(string text) => IpText.TryParse(Encoding.UTF8.GetBytes(text), out var value) ? value : throw new FormatException(text);

    static string Text(IndexedDevice device) =>
        $"{Utf8(device.Name)} {Utf8(device.NodeId)} {Utf8(device.User)} {Utf8(device.Tags)} {Utf8(device.Os)}";

    static string Utf8(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
}
