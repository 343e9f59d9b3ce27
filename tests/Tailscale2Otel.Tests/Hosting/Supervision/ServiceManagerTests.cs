using System.Globalization;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Hosting.Supervision;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Supervision;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class ServiceManagerTests : IDisposable
{
    readonly NotifyListener _listener = new();
    readonly ManualTime _time = new();
    readonly CollectingMeter _meter = new();
    readonly CollectingLogger _log = new();

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    [Test]
    public void Without_a_socket_in_the_environment_there_is_none() => Assert.That(Manager(socket: ""), Is.Null);

    [Test]
    public void An_address_of_another_kind_is_told_and_counted()
    {
        Assert.That(Manager(socket: "vsock:2:1234"), Is.Null);

        Assert.That(_log.Lines.Single(), Does.Contain("NOTIFY_SOCKET"));
        Assert.That(_meter["tailscale2otel.component.errors{component=service_manager}"], Is.EqualTo(1));
    }

    [Test]
    public void What_cannot_be_said_is_told_and_counted_and_stops_nothing()
    {
        using var manager = Manager(socket: "/nonexistent/notify")!;

        manager.Ready();

        Assert.That(_log.Lines.Single(), Does.Contain("READY=1"));
        Assert.That(_meter["tailscale2otel.component.errors{component=service_manager}"], Is.EqualTo(1));
    }

    [Test]
    public async Task Is_alive_at_half_of_the_watchdog_and_not_sooner()
    {
        using var manager = Manager(("WATCHDOG_USEC", "30000000"))!;
        _ = manager.WatchAsync(static () => { });

        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.That(_listener.HasMore, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await _listener.NextAsync(), Is.EqualTo("WATCHDOG=1"));
    }

    [Test]
    public async Task Says_nothing_while_the_pipeline_is_stuck_and_goes_on_behind_it()
    {
        using var manager = Manager(("WATCHDOG_USEC", "30000000"))!;
        using var asked = new SemaphoreSlim(0);
        using var stuck = new SemaphoreSlim(0);
        _ = manager.WatchAsync(() =>
        {
            asked.Release();
            stuck.Wait();
        });

        // The timer asks in the thread that moves the time.
        var moving = Task.Run(() => _time.Advance(TimeSpan.FromSeconds(15)));
        Assert.That(await asked.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(_listener.HasMore, Is.False);
        stuck.Release(100);
        await moving;

        Assert.That(await _listener.NextAsync(), Is.EqualTo("WATCHDOG=1"));
    }

    [TestCase("")]
    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("soon")]
    public void Without_a_watchdog_nothing_is_watched(string microseconds)
    {
        using var manager = Manager(("WATCHDOG_USEC", microseconds))!;

        Assert.That(manager.Watchdog, Is.Null);
        Assert.That(manager.WatchAsync(static () => Assert.Fail("asked")).IsCompletedSuccessfully);
    }

    [TestCase("1", 2)]
    [TestCase("30000000", 30_000)]
    [TestCase("18446744073709551615", 86_400_000)]
    public void A_watchdog_is_within_what_a_timer_can(string microseconds, int milliseconds)
    {
        using var manager = Manager(("WATCHDOG_USEC", microseconds))!;

        Assert.That(manager.Watchdog, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [Test]
    public void The_watchdog_of_another_process_is_not_meant()
    {
        using var theirs = Manager(("WATCHDOG_USEC", "30000000"), ("WATCHDOG_PID", "1"))!;
        using var ours = Manager(("WATCHDOG_USEC", "30000000"), ("WATCHDOG_PID", System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture)))!;

        Assert.That(theirs.Watchdog, Is.Null);
        Assert.That(ours.Watchdog, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task The_daemon_is_ready_then_alive_then_stopping()
    {
        using var folder = new TemporaryFolder();
        await using var daemon = await Daemon.StartAsync(DaemonVariables.Load(folder.Path), null, null, default);
        using var manager = daemon.Supervise(Environment(("WATCHDOG_USEC", "20000")))!;

        Assert.That(await _listener.NextAsync(), Is.EqualTo("READY=1"));
        Assert.That(await _listener.NextAsync(), Is.EqualTo("WATCHDOG=1"));
        // Read meanwhile: a full socket takes no more.
        var stopping = daemon.StopAsync();

        var last = await _listener.NextAsync();
        while (last == "WATCHDOG=1")
            last = await _listener.NextAsync();
        Assert.That(last, Is.EqualTo("STOPPING=1"));
        await stopping;
    }

    ServiceManager? Manager(params (string Name, string Value)[] environment) => Manager(_listener.Name, environment);

    ServiceManager? Manager(string socket, params (string Name, string Value)[] environment) =>
        ServiceManager.Of(Environment([("NOTIFY_SOCKET", socket), .. environment]), _time, new ComponentErrors(_meter.Meter), _log);

    Dictionary<string, string> Environment(params (string Name, string Value)[] more)
    {
        Dictionary<string, string> all = new(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = _listener.Name };
        foreach (var (name, value) in more)
            all[name] = value;
        return all;
    }
}
