using System.Text;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Hec;

namespace Tailscale2Otel.Tests.Ingest.Hec;

public sealed class Utf8RepairTests
{
    [Test]
    public void Replaces_what_the_platform_replaces()
    {
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            Assert.That(Repair(bytes), Is.EqualTo(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes))), Convert.ToHexString(bytes));
        }
    }

    [Test]
    public void Leaves_valid_text_alone() => Assert.That(Repair("zażółć 🎉"u8), Is.EqualTo("zażółć 🎉"u8.ToArray()));

    [Test]
    public void Stops_at_the_limit()
    {
        using var destination = new BodyBuffer(new BodyBudget(long.MaxValue), 8);
        Assert.That(Utf8Repair.Copy([0xFF, 0xFF, 0xFF], destination), Is.EqualTo(BodyOutcome.TooLarge));
    }

    static byte[] Repair(ReadOnlySpan<byte> bytes)
    {
        using var destination = new BodyBuffer(new BodyBudget(long.MaxValue), 1000);
        Assert.That(Utf8Repair.Copy(bytes, destination), Is.EqualTo(BodyOutcome.Read));
        return destination.Bytes.ToArray();
    }
}
