using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Ingest.Poll.Releases;

namespace Tailscale2Otel.Tests.Ingest.Poll.Releases;

public sealed class ReleasePollerTests
{
    [Test]
    public async Task Hands_on_a_version_and_says_when_it_is_none()
    {
        var taken = new List<string>();
        var poller = new ReleasePoller(TimeSpan.FromHours(1), _ => Task.FromResult(("1.98.4", (PollFailure?)null)), v => Take(v, isVersion: true));
        Assert.That(await poller.PollAsync(default), Is.EqualTo(PollResult.Done));

        poller = new ReleasePoller(TimeSpan.FromHours(1), _ => Task.FromResult(("next", (PollFailure?)null)), v => Take(v, isVersion: false));
        Assert.That((await poller.PollAsync(default)).Failure!.Message, Does.Contain("is no version"));
        Assert.That(taken, Is.EqualTo(new[] { "1.98.4", "next" }));

        bool Take(string version, bool isVersion)
        {
            taken.Add(version);
            return isVersion;
        }
    }

    [Test]
    public async Task A_failure_changes_nothing()
    {
        var failure = new PollFailure("transient_failure", "down");
        var poller = new ReleasePoller(TimeSpan.FromHours(1), _ => Task.FromResult(("", (PollFailure?)failure)), _ => throw new InvalidOperationException("there is nothing to take"));

        Assert.That(await poller.PollAsync(default), Is.EqualTo(PollResult.Failed(failure)));
    }
}
