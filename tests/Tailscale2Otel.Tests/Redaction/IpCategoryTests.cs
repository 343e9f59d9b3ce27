using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Redaction;
using static Tailscale2Otel.Redaction.PiiCategories;

namespace Tailscale2Otel.Tests.Redaction;

sealed class IpCategoryTests
{
    [TestCase("100.64.0.0", TailscaleIps)]
    [TestCase("100.127.255.255", TailscaleIps)]
    [TestCase("100.63.255.255", ExternalIps)]
    [TestCase("100.128.0.0", ExternalIps)]
    [TestCase("fd7a:115c:a1e0::1", TailscaleIps)]
    [TestCase("fd7a:115c:a1e0:ffff:ffff:ffff:ffff:ffff", TailscaleIps)]
    [TestCase("fd7a:115c:a1e1::1", InternalIps)]
    [TestCase("10.255.0.1", InternalIps)]
    [TestCase("172.16.0.1", InternalIps)]
    [TestCase("172.31.255.255", InternalIps)]
    [TestCase("172.32.0.0", ExternalIps)]
    [TestCase("172.15.0.0", ExternalIps)]
    [TestCase("192.168.1.1", InternalIps)]
    [TestCase("169.254.169.254", InternalIps)]
    [TestCase("127.3.3.40", InternalIps)]
    [TestCase("::1", InternalIps)]
    [TestCase("fe80::1%eth0", InternalIps)]
    [TestCase("fc00::1", InternalIps)]
    [TestCase("8.8.8.8", ExternalIps)]
    [TestCase("2001:db8::1", ExternalIps)]
    [TestCase("  100.64.1.2 \n", TailscaleIps)]
    [TestCase("100.64.1.2:443", TailscaleIps)]
    [TestCase("[fd7a:115c:a1e0::1]:443", TailscaleIps)]
    [TestCase("[2001:db8::1]", ExternalIps)]
    [TestCase("::ffff:100.64.1.2", TailscaleIps)]
    [TestCase("[::ffff:10.0.0.1]:53", InternalIps)]
    [TestCase("100.64.1.2/32", TailscaleIps)]
    [TestCase("010.001.002.003", InternalIps)]
    [TestCase("", None)]
    [TestCase("1", None)]
    [TestCase("10.1", None)]
    [TestCase("1.2.3.4.5", None)]
    [TestCase("256.1.1.1", None)]
    [TestCase("12:30:45", None)]
    [TestCase("pixel", None)]
    [TestCase("[", None)]
    [TestCase("cafe", None)]
    public void Knows_an_address_by_its_range(string text, object expected) =>
        Assert.That(IpCategory.Of(Encoding.UTF8.GetBytes(text)), Is.EqualTo(expected));

    [Test]
    public void Survives_any_bytes() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Enum.IsDefined(IpCategory.Of(bytes))).QuickCheckThrowOnFailure();
}
