using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class ApiStatesTests
{
    static readonly ApiFailure Denied = new(ApiState.ScopeDenied, 403, "give it the scope");
    static readonly ApiFailure Transient = new(ApiState.TransientFailure, 502, "try later");
    static readonly ApiFailure Rejected = new(ApiState.CredentialRejected, 401, "make a new one");

    readonly ManualTime _time = new();
    CollectingLogger _log;
    CollectingMeter _meter;
    ApiStates _states;

    [SetUp]
    public void SetUp()
    {
        _log = new CollectingLogger();
        _meter = new CollectingMeter();
        _states = new ApiStates("example.com", _meter.Meter, _time, _log.CreateLogger(""));
        _states.Begun(ApiOperation.Devices);
    }

    [TearDown]
    public void TearDown()
    {
        _meter.Dispose();
        _log.Dispose();
    }

    [Test]
    public void What_was_never_asked_for_is_unknown_and_no_series()
    {
        Assert.That(_states.Of(ApiOperation.Settings).State, Is.EqualTo(ApiState.Unknown));
        Assert.That(_states.All.Select(s => s.Operation), Is.EqualTo(new[] { ApiOperation.Devices }));
    }

    [Test]
    public void What_is_being_asked_for_the_first_time_is_unknown()
    {
        Assert.That(Availability("unknown"), Is.EqualTo(1));
        Assert.That(_states.Of(ApiOperation.Devices).At, Is.Null);
        Assert.That(_meter.Series, Has.None.StartsWith("tailscale2otel.api.last_probe"));
    }

    [Test]
    public void One_state_is_1_and_the_others_are_0()
    {
        _states.Failed(ApiOperation.Devices, Denied);

        Assert.That(Availability("scope_denied"), Is.EqualTo(1));
        foreach (var other in new[] { "unknown", "supported", "disabled", "credential_rejected", "transient_failure", "request_rejected" })
        {
            Assert.That(Availability(other), Is.Zero, other);
            Assert.That(_meter.Series, Has.Some.Contains($"tailscale.api.state={other}"));
        }

        Assert.That(_meter["tailscale2otel.api.last_probe{tailscale.collector=devices,tailscale.api.operation=listTailnetDevices,tailscale.tailnet=example.com}"], Is.EqualTo(_time.GetUtcNow().ToUnixTimeSeconds()));
    }

    [Test]
    public void Words_stay_until_it_works()
    {
        _states.Failed(ApiOperation.Devices, Denied);
        Assert.That(_states.Of(ApiOperation.Devices), Is.EqualTo(new ApiStanding(ApiOperation.Devices, ApiState.ScopeDenied, _time.GetUtcNow(), "give it the scope")));

        _states.Succeeded(ApiOperation.Devices);

        Assert.That(_states.Of(ApiOperation.Devices), Is.EqualTo(new ApiStanding(ApiOperation.Devices, ApiState.Supported, _time.GetUtcNow(), "")));
    }

    [Test]
    public void A_state_is_told_once_and_again_when_it_changes()
    {
        for (var i = 0; i < 10; i++)
            _states.Failed(ApiOperation.Devices, Denied);
        _states.Failed(ApiOperation.Devices, Rejected);

        Assert.That(_log.Lines.Select(l => l.Trim()), Is.EqualTo(new[]
        {
            "Warning: Tailscale API of example.com: listTailnetDevices is not to be had. give it the scope",
            "Error: Tailscale API of example.com: listTailnetDevices is not to be had. make a new one",
        }));
    }

    [Test]
    public void One_that_comes_and_goes_is_told_once_in_ten_minutes()
    {
        for (var i = 0; i < 30; i++)
        {
            _states.Failed(ApiOperation.Devices, Transient);
            _states.Succeeded(ApiOperation.Devices);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.That(_log.Lines, Has.Count.EqualTo(3));
    }

    [Test]
    public void Two_that_take_turns_are_told_once_each_in_ten_minutes()
    {
        for (var i = 0; i < 30; i++)
        {
            _states.Failed(ApiOperation.Devices, Transient);
            _states.Failed(ApiOperation.Devices, Rejected);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.That(_log.Lines.Count(l => l.Contains("try later", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(_log.Lines.Count(l => l.Contains("make a new one", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    double Availability(string state) =>
        _meter[$"tailscale2otel.api.availability{{tailscale.collector=devices,tailscale.api.operation=listTailnetDevices,tailscale.api.state={state},tailscale.tailnet=example.com}}"];
}
