using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Ingest.Poll.PerDevice;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Poll.PerDevice;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PerDevicePollerTests : IDisposable
{
    const string Tags = "tailscale.collector=devices,tailscale.tailnet=example.com,tailscale.subrequest=device_invites";

    static readonly ApiFailure Gone = new(ApiState.Disabled, 404, "no such device");
    static readonly ApiFailure Denied = new(ApiState.ScopeDenied, 403, "give it the scope");
    static readonly ApiFailure Down = new(ApiState.TransientFailure, 503, "try later");

    readonly ManualTime _time = new();
    readonly CollectingMeter _meter = new();
    readonly LatestDevices _devices = new();
    readonly Dictionary<string, ApiFailure> _failures = [];
    readonly List<string> _asked = [];
    readonly List<ApiFailure> _refused = [];
    readonly PerDevicePoller<string> _poller;
    Func<string, CancellationToken, Task> _wait = (_, _) => Task.CompletedTask;
    IReadOnlyDictionary<string, string>? _taken;
    int _pass;

    public PerDevicePollerTests()
    {
        var question = new PerDeviceQuestion<string>("device_invites", "example.com", TimeSpan.FromMinutes(10), AskAsync, _refused.Add) { Concerns = d => !d.IsExternal };
        _poller = new PerDevicePoller<string>(question, _devices, all => _taken = all, new SubrequestMetrics(_meter.Meter).Add("device_invites", "example.com"), _time);
    }

    public void Dispose() => _meter.Dispose();

    [Test]
    public async Task Asks_about_each_device_that_it_concerns_and_counts()
    {
        Devices(3, SomeDevices.Device("shared") with { IsExternal = true });

        Assert.That(await PassAsync(), Is.EqualTo(PollResult.Done));
        Assert.That(_taken!.Keys, Is.EquivalentTo(new[] { "n0", "n1", "n2" }));
        Assert.That(_meter[$"tailscale2otel.subrequest.attempts{{{Tags}}}"], Is.EqualTo(3));
        Assert.That(_meter[$"tailscale2otel.subrequest.coverage{{{Tags}}}"], Is.EqualTo(1));
    }

    [Test]
    public async Task Waits_for_the_first_device_list()
    {
        var pass = PassAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(pass.IsCompleted, Is.False);
        Assert.That(_meter.Series, Has.None.Contains("coverage"), "there was no pass yet");

        Devices(1);

        Assert.That(await pass, Is.EqualTo(PollResult.Done));
    }

    [Test]
    public async Task A_tailnet_without_devices_is_covered_whole()
    {
        Devices(0);

        Assert.That(await PassAsync(), Is.EqualTo(PollResult.Done));
        Assert.That(_meter[$"tailscale2otel.subrequest.coverage{{{Tags}}}"], Is.EqualTo(1));
    }

    [Test]
    public async Task What_could_not_be_read_stays_as_it_was()
    {
        Devices(4);
        await PassAsync();
        _failures["n1"] = Down;

        Assert.That(await PassAsync(), Is.EqualTo(PollResult.Done));
        Assert.That(_taken, Is.EquivalentTo(new Dictionary<string, string> { ["n0"] = "n0 in pass 2", ["n1"] = "n1 in pass 1", ["n2"] = "n2 in pass 2", ["n3"] = "n3 in pass 2" }));
        Assert.That(_meter[$"tailscale2otel.subrequest.coverage{{{Tags}}}"], Is.EqualTo(0.75));
        Assert.That(_meter[$"tailscale2otel.subrequest.failures{{{Tags},tailscale.api.state=transient_failure}}"], Is.EqualTo(1));
    }

    [TestCase(404, "disabled")]
    [TestCase(403, "scope_denied")]
    public async Task A_device_that_is_refused_is_forgotten_and_holds_up_no_other(int status, string state)
    {
        Devices(8);
        await PassAsync();
        _failures["n0"] = status == 404 ? Gone : Denied;

        Assert.That(await PassAsync(), Is.EqualTo(PollResult.Done));
        Assert.That(_taken!.Keys, Is.EquivalentTo(new[] { "n1", "n2", "n3", "n4", "n5", "n6", "n7" }));
        Assert.That(_taken.Values, Has.All.EndsWith("in pass 2"));
        Assert.That(_refused, Is.Empty);
        Assert.That(_meter[$"tailscale2otel.subrequest.failures{{{Tags},tailscale.api.state={state}}}"], Is.EqualTo(1));
    }

    [Test]
    public async Task A_device_that_left_the_list_is_forgotten_and_not_asked_about()
    {
        Devices(3);
        await PassAsync();
        _wait = (id, _) =>
        {
            if (_pass == 2 && id == "n0")
                Devices(2);
            return Task.CompletedTask;
        };
        await PassAsync();
        // Several are asked about at once, in whatever order.
        Assert.That(_asked.Take(3), Is.EquivalentTo(new[] { "n0", "n1", "n2" }));
        Assert.That(_asked.Skip(3), Is.EquivalentTo(new[] { "n0", "n1" }));

        await PassAsync();

        Assert.That(_taken!.Keys, Is.EquivalentTo(new[] { "n0", "n1" }));
    }

    [TestCase(2, 403, 2)]
    [TestCase(100, 403, 5)]
    [TestCase(100, 404, 5)]
    public async Task Rests_when_no_device_is_answered_for(int devices, int status, int questions)
    {
        Devices(devices);
        await PassAsync();
        foreach (var i in Enumerable.Range(0, devices))
            _failures[$"n{i}"] = status == 404 ? Gone : Denied;
        _asked.Clear();

        Assert.That(await PassAsync(), Is.EqualTo(PollResult.Again(TimeSpan.FromHours(1))));
        Assert.That(_asked, Has.Count.EqualTo(questions));
        Assert.That(_refused.Select(f => f.Status), Is.EqualTo(new[] { status }));
        Assert.That(_taken, Is.Empty, "what may not be seen any more is not claimed any more");

        _failures.Clear();
        Assert.That(await PassAsync(), Is.EqualTo(PollResult.Done));
        Assert.That(_taken, Has.Count.EqualTo(devices));
    }

    [Test]
    public async Task The_only_device_that_is_not_there_is_only_gone()
    {
        Devices(1);
        _failures["n0"] = Gone;

        Assert.That(await PassAsync(), Is.EqualTo(PollResult.Done));
        Assert.That(_refused, Is.Empty);
    }

    [Test]
    public async Task Gives_up_while_the_server_is_in_trouble_and_goes_on_with_who_waited_longest()
    {
        Devices(10);
        foreach (var i in Enumerable.Range(0, 3))
            _failures[$"n{i}"] = Down;

        var result = await PassAsync();
        Assert.That(result.Failure, Is.EqualTo(PollFailure.Of(Down)));
        Assert.That(_asked, Is.EqualTo(new[] { "n0", "n1", "n2" }));
        await PassAsync();

        Assert.That(_taken!.Keys, Is.EquivalentTo(Enumerable.Range(3, 7).Select(i => $"n{i}")), "three that fail do not keep the others from being read");
    }

    [TestCase(401)]
    [TestCase(429)]
    public async Task Stops_at_once_when_nothing_more_can_come(int status)
    {
        Devices(20);
        _failures["n0"] = status == 401 ? new ApiFailure(ApiState.CredentialRejected, 401, "make a new one") : new ApiFailure(ApiState.TransientFailure, 429, "wait", RetryAfter: TimeSpan.FromMinutes(7));

        Assert.That((await PassAsync()).Failure, Is.EqualTo(PollFailure.Of(_failures["n0"])));
        Assert.That(_asked, Is.EqualTo(new[] { "n0" }));
        Assert.That(_meter[$"tailscale2otel.subrequest.coverage{{{Tags}}}"], Is.Zero);
    }

    [Test]
    public async Task Asks_a_few_at_once_and_no_faster_than_the_pace()
    {
        var (running, most) = (0, 0);
        Devices(40);
        _wait = async (_, cancellation) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellation);
            Interlocked.Decrement(ref running);
        };
        var start = _time.GetUtcNow();

        await PassAsync();

        Assert.That(most, Is.EqualTo(4));
        Assert.That(_time.GetUtcNow() - start, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(10)));

        _wait = (_, _) => Task.CompletedTask;
        start = _time.GetUtcNow();
        await PassAsync();
        Assert.That(_time.GetUtcNow() - start, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(3.9)), "ten a second");
    }

    [Test]
    public void Ends_when_it_is_cancelled()
    {
        Devices(3);

        Assert.That(() => _poller.PollAsync(new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_taken, Is.Null);
    }

    void Devices(int count, params Device[] more) => _devices.Take(SomeDevices.List([.. Enumerable.Range(0, count).Select(i => SomeDevices.Device($"n{i}")), .. more]));

    async Task<PollResult> PassAsync()
    {
        _pass++;
        var pass = _poller.PollAsync(CancellationToken.None);
        while (!pass.IsCompleted)
        {
            // Only while something waits for it: time must not run ahead of the work.
            if (_time.ActiveTimers > 0)
                _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        return await pass;
    }

    async Task<ApiResult<string>> AskAsync(string id, CancellationToken cancellation)
    {
        lock (_asked)
            _asked.Add(id);
        await _wait(id, cancellation);
        return _failures.TryGetValue(id, out var failure) ? failure : new ApiResult<string>($"{id} in pass {_pass}", null);
    }
}
