using Tailscale2Otel.Demo;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Demo;

[TestFixture]
public sealed class DemoProgressTests
{
    [Test]
    public void The_line_says_what_came_in_what_left_and_what_is_in_between()
    {
        var time = new ManualTime();
        var progress = new DemoProgress(time);
        time.Advance(TimeSpan.FromSeconds(65));

        Assert.That(
            progress.Next(new DemoCounts(In: 1300, Out: 1200, Duplicates: 40, DeadLetters: 3, LogRecords: 9000)),
            Is.EqualTo("00:01:05  in 1,300  out 1,200  duplicates 40  dead letters 3  rate 20/s  backlog 57"));
    }

    [Test]
    public void The_rate_is_that_of_the_last_seconds()
    {
        var time = new ManualTime();
        var progress = new DemoProgress(time);
        var line = "";
        for (var second = 1; second <= 30; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            line = progress.Next(new DemoCounts(In: Math.Min(second, 20) * 100, 0, 0, 0, 0));
        }

        Assert.That(line, Does.Contain("  rate 0/s  "));
    }
}
