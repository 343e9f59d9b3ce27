using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Tests.Enrichment;

sealed class IpTextTests
{
    [TestCase("0.0.0.0")]
    [TestCase("100.64.10.1")]
    [TestCase("255.255.255.255")]
    [TestCase("::")]
    [TestCase("::1")]
    [TestCase("1::")]
    [TestCase("fd7a:115c:a1e0::1405")]
    [TestCase("FD7A:115C:A1E0::1405")]
    [TestCase("2001:db8:0:0:1:0:0:1")]
    [TestCase("2001:db8::1:0:0:1")]
    [TestCase("1:2:3:4:5:6:7::")]
    [TestCase("::2:3:4:5:6:7:8")]
    [TestCase("64:ff9b::192.0.2.33")]
    [TestCase("1:2:3:4:5:6:192.0.2.33")]
    public void Reads_what_the_platform_reads(string text)
    {
        Assert.That(Parse(text, out var value), Is.True);
        Assert.That(value, Is.EqualTo(ValueOf(IPAddress.Parse(text))));
    }

    [TestCase("")]
    [TestCase("1")]
    [TestCase("1.2.3")]
    [TestCase("1.2.3.4.5")]
    [TestCase("1.2.3.256")]
    [TestCase("1.2.3.04", Description = "octal to some")]
    [TestCase("1..2.3")]
    [TestCase("1.2.3.")]
    [TestCase(".1.2.3")]
    [TestCase("1.2.3.4 ")]
    [TestCase("host")]
    [TestCase(":")]
    [TestCase(":::")]
    [TestCase("1:2:3:4:5:6:7")]
    [TestCase("1:2:3:4:5:6:7:8:9")]
    [TestCase("1:2:3:4:5:6:7:8::")]
    [TestCase("::1:2:3:4:5:6:7:8")]
    [TestCase("1::2::3")]
    [TestCase("12345::")]
    [TestCase("g::")]
    [TestCase("1:")]
    [TestCase(":1")]
    [TestCase("::1.2.3")]
    [TestCase("::1.2.3.4:5")]
    [TestCase("1:2:3:4:5:6:7:1.2.3.4")]
    [TestCase("fe80::1%eth0", Description = "zones are the endpoint's")]
    public void Refuses_the_rest(string text) => Assert.That(Parse(text, out _), Is.False);

    [Test]
    public void Takes_a_mapped_address_for_the_address_itself()
    {
        Assert.That(Parse("::ffff:100.64.10.1", out var mapped), Is.True);
        Assert.That(Parse("100.64.10.1", out var plain), Is.True);
        Assert.That(mapped, Is.EqualTo(plain));
        Assert.That(mapped.IsTailscale, Is.True);
    }

    [Test]
    public void Reads_back_every_address_that_the_platform_writes() =>
        Prop.ForAll(Gen.Choose(0, 255).ListOf(16).ToArbitrary(), bytes =>
        {
            // Many zeros, so that there are runs to shorten.
            var address = new IPAddress([.. bytes.Select(b => (byte)(b < 128 ? 0 : b))]);
            return Parse(address.ToString(), out var value) && value == ValueOf(address);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Agrees_with_the_platform_on_strings_of_the_same_letters() =>
        Prop.ForAll(Gen.Elements("0", "1", "ff", "12345", ":", "::", ".", "192.0.2.1", "256").ListOf().ToArbitrary(), parts =>
        {
            var text = string.Concat(parts);
            return !Parse(text, out var value) || (IPAddress.TryParse(text, out var expected) && value == ValueOf(expected));
        }).QuickCheckThrowOnFailure();

    [TestCase("100.63.255.255", false)]
    [TestCase("100.64.0.0", true)]
    [TestCase("100.127.255.255", true)]
    [TestCase("100.128.0.0", false)]
    [TestCase("fd7a:115c:a1df:ffff:ffff:ffff:ffff:ffff", false)]
    [TestCase("fd7a:115c:a1e0::", true)]
    [TestCase("fd7a:115c:a1e0:ffff:ffff:ffff:ffff:ffff", true)]
    [TestCase("fd7a:115c:a1e1::", false)]
    [TestCase("127.3.3.40", false)]
    public void Knows_the_ranges_of_tailnets(string text, bool expected)
    {
        Assert.That(Parse(text, out var value), Is.True);
        Assert.That(value.IsTailscale, Is.EqualTo(expected));
    }

    static bool Parse(string text, out IpValue value) => IpText.TryParse(Encoding.ASCII.GetBytes(text), out value);

    static IpValue ValueOf(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? IpValue.V4(bytes[0], bytes[1], bytes[2], bytes[3])
            : IpValue.V6(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8)));
    }
}
