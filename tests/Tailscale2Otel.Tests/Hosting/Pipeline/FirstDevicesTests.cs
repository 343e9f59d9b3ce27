using Microsoft.Extensions.Logging;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class FirstDevicesTests : IDisposable
{
    static readonly ApiFailure Transient = new(ApiState.TransientFailure, 503, "later");

    readonly ManualTime _time = new();
    readonly CollectingLogger _lines = new();
    readonly LoggerFactory _logging;

    public FirstDevicesTests() => _logging = new LoggerFactory([_lines]);

    public void Dispose()
    {
        _logging.Dispose();
        _lines.Dispose();
    }

    [Test]
    public void Waits_for_nothing_without_a_tailnet_or_without_patience()
    {
        Assert.That(Create(30).WaitAsync(CancellationToken.None).IsCompletedSuccessfully, Is.True);
        Assert.That(Create(0, "one").WaitAsync(CancellationToken.None).IsCompletedSuccessfully, Is.True);
        Assert.That(_lines.Lines, Is.Empty);
    }

    [Test]
    public async Task Opens_when_every_tailnet_has_delivered()
    {
        var first = Create(30, "one", "two");
        var waiting = first.WaitAsync(CancellationToken.None);
        first.Delivered("one");
        first.Delivered("one");
        Assert.That(waiting.IsCompleted, Is.False);

        first.Delivered("two");
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(_lines.Lines, Is.Empty);
    }

    [TestCase(ApiState.ScopeDenied, 403)]
    [TestCase(ApiState.Disabled, 404)]
    [TestCase(ApiState.CredentialRejected, 401)]
    [TestCase(ApiState.RequestRejected, 400)]
    public async Task Does_not_wait_for_a_list_that_somebody_must_do_something_for(object state, int status)
    {
        var first = Create(30, "one");
        var waiting = first.WaitAsync(CancellationToken.None);
        first.Failed("one", Transient);
        Assert.That(waiting.IsCompleted, Is.False);

        first.Failed("one", new ApiFailure((ApiState)state, status, "refused"));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task Opens_when_the_time_since_the_start_is_up_and_says_so_once()
    {
        var first = Create(30, "one");
        _time.Advance(TimeSpan.FromSeconds(20));
        var waiting = first.WaitAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That(waiting.IsCompleted, Is.False);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(first.WaitAsync(CancellationToken.None).IsCompletedSuccessfully, Is.True);
        Assert.That(_lines.Lines.Single(), Does.StartWith("Warning: No device list of one from the Tailscale API within 30 s (enrichment.wait_for_devices): "));
        first.Delivered("one");
    }

    [Test]
    public async Task Says_whose_lists_are_missing_as_metrics_call_them()
    {
        var first = new FirstDevices([("a.example", "#1"), ("b.example", "#2"), ("c.example", "#3")], TimeSpan.FromSeconds(30), _time, _logging.CreateLogger<FirstDevices>());
        first.Delivered("b.example");
        _time.Advance(TimeSpan.FromSeconds(30));
        await first.WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(_lines.Lines.Single(), Does.StartWith("Warning: No device list of #1, #3 from the Tailscale API within 30 s"));
    }

    [Test]
    public async Task Needs_no_name_for_the_only_tailnet()
    {
        var first = new FirstDevices([("", "")], TimeSpan.FromSeconds(30), _time, _logging.CreateLogger<FirstDevices>());
        _time.Advance(TimeSpan.FromSeconds(30));
        await first.WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(_lines.Lines.Single(), Does.StartWith("Warning: No device list from the Tailscale API"));
    }

    [Test]
    public async Task Does_not_wait_when_the_time_was_up_before()
    {
        var first = Create(30, "one");
        _time.Advance(TimeSpan.FromSeconds(31));

        await first.WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(_lines.Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ends_with_the_stop_and_stays_closed()
    {
        using var stop = new CancellationTokenSource();
        var first = Create(30, "one");
        var waiting = first.WaitAsync(stop.Token);
        await stop.CancelAsync();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_lines.Lines, Is.Empty);
    }

    FirstDevices Create(int seconds, params string[] tailnets) =>
        new(tailnets.Select(t => (t, t)), TimeSpan.FromSeconds(seconds), _time, _logging.CreateLogger<FirstDevices>());
}
