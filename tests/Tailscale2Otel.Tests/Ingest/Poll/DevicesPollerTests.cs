using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Poll;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class DevicesPollerTests
{
    readonly List<DeviceSnapshot> _taken = [];
    readonly List<ApiFailure> _failed = [];
    readonly ManualTime _time = new();
    ApiResult<IReadOnlyList<Device>> _answer;

    [Test]
    public async Task Hands_on_a_list_with_its_tailnet_and_time()
    {
        Device[] devices = [SomeDevices.Device("n1")];
        _answer = new(devices, null);

        Assert.That(await Poller().PollAsync(CancellationToken.None), Is.EqualTo(PollResult.Done));
        Assert.That(_taken, Is.EqualTo(new[] { new DeviceSnapshot("example.com", _time.GetUtcNow(), devices) }));
    }

    [Test]
    public async Task Hands_on_an_empty_list_that_the_api_answered()
    {
        _answer = new([], null);

        Assert.That(await Poller().PollAsync(CancellationToken.None), Is.EqualTo(PollResult.Done));
        Assert.That(_taken.Single().Devices, Is.Empty);
    }

    [Test]
    public async Task Says_why_there_is_no_list_and_leaves_the_last_one_alone()
    {
        var failure = new ApiFailure(ApiState.TransientFailure, 200, "the answer broke off");
        _answer = failure;
        Assert.That((await Poller().PollAsync(CancellationToken.None)).Failure, Is.EqualTo(PollFailure.Of(failure)));

        _answer = new([SomeDevices.Device("n1")], failure);
        Assert.That((await Poller().PollAsync(CancellationToken.None)).Failure, Is.EqualTo(PollFailure.Of(failure)), "part of a list is none");

        _answer = default;
        Assert.That((await Poller().PollAsync(CancellationToken.None)).Failure, Is.Not.Null);
        Assert.That(_failed.Select(f => f.State), Is.EqualTo(new[] { ApiState.TransientFailure, ApiState.TransientFailure, ApiState.TransientFailure }));
        Assert.That(_taken, Is.Empty);
    }

    [Test]
    public void Ends_when_it_is_cancelled() => Assert.That(
        () => Poller(Cancelled).PollAsync(new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());

    DevicesPoller Poller() => Poller(_ => Task.FromResult(_answer));

    DevicesPoller Poller(Func<CancellationToken, Task<ApiResult<IReadOnlyList<Device>>>> list) =>
        new(TailnetSettings.Of(new TailscaleOptions { Tailnet = "example.com" }), TimeSpan.FromMinutes(1), list, _taken.Add, _failed.Add, _time);

    static Task<ApiResult<IReadOnlyList<Device>>> Cancelled(CancellationToken cancellation) =>
        Task.FromCanceled<ApiResult<IReadOnlyList<Device>>>(cancellation);
}
