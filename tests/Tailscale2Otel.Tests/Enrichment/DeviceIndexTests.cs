using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Enrichment;

sealed class DeviceIndexTests
{
    [Test]
    public void Replaces_the_list_as_a_whole()
    {
        var index = new DeviceIndex("", TimeProvider.System);
        Assert.That(index.Current.Count, Is.Zero);
        index.Replace(SomeDevices.Many(3));
        var before = index.Current.FindById("n2"u8);
        index.Replace(SomeDevices.List(SomeDevices.Device("n2", "renamed.ts.net")));

        Assert.That(index.Current.Count, Is.EqualTo(1));
        Assert.That(index.Current.FindById("n1"u8).IsFound, Is.False);
        Assert.That(index.Current.FindById("n2"u8).Name.SequenceEqual("renamed"u8), Is.True);
        Assert.That(before.Name.SequenceEqual("node-2"u8), Is.True, "what was found stays as it was");
        index.Replace(SomeDevices.List());
        Assert.That(index.Current.Count, Is.Zero, "an empty list is a list");
    }

    [Test]
    public void Says_how_old_its_list_is_whatever_the_clock_on_the_wall_does()
    {
        var time = new ManualTime();
        var index = new DeviceIndex("", time);
        Assert.That(index.Age, Is.Null);
        time.Advance(TimeSpan.FromMinutes(1));
        index.Replace(SomeDevices.List());
        time.Advance(TimeSpan.FromSeconds(7));
        time.Jump(TimeSpan.FromDays(-1));

        Assert.That(index.Age, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void Answers_from_one_list_while_another_thread_replaces_it()
    {
        var index = new DeviceIndex("", TimeProvider.System);
        var (one, two) = (SomeDevices.Many(1000, "one.ts.net"), SomeDevices.Many(1000, "two.ts.net"));
        index.Replace(one);
        using var done = new CancellationTokenSource();
        var replacing = Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
                index.Replace(i % 2 == 0 ? two : one);
            done.Cancel();
        });

        var looked = 0;
        while (!done.IsCancellationRequested || looked == 0)
        {
            var table = index.Current;
            var isOne = table.FindByName("node-0.one.ts.net"u8).IsFound;
            Assert.That(table.FindByName("node-999.one.ts.net"u8).IsFound, Is.EqualTo(isOne));
            Assert.That(table.FindByName("node-999.two.ts.net"u8).IsFound, Is.Not.EqualTo(isOne));
            looked++;
        }

        Assert.That(replacing.Wait(TimeSpan.FromSeconds(30)), Is.True);
    }
}
