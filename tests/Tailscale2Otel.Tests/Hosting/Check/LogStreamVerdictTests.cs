using Tailscale2Otel.Hosting.Check;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Hosting.Check;

[TestFixture]
public sealed class LogStreamVerdictTests
{
    const string Url = "https://logs.example.com/services/collector/event";

    static readonly ApiUse Automatic = new(true, true, true, LogStream: true, Overwrites: false, LogStreamStatus: true, Url);
    static readonly ApiUse ByHand = Automatic with { LogStream = false };

    [Test]
    public void Says_whether_the_destination_is_this_receiver()
    {
        Assert.That(LogStreamVerdict.Of(new LogStreamSink("splunk", Url), Automatic), Is.EqualTo(CheckFinding.Ok("goes to streaming.public_url (splunk); that is this receiver if nothing else answers there")));
        Assert.That(LogStreamVerdict.Of(new LogStreamSink("splunk", "HTTPS://LOGS.example.com:443/services/collector/event"), Automatic).Detail, Does.StartWith("goes to streaming.public_url (splunk)"));
        Assert.That(LogStreamVerdict.Of(new LogStreamSink("splunk", Url), Automatic with { PublicUrl = "" }).ToDo, Does.StartWith("set streaming.public_url"));
    }

    [Test]
    public void None_is_set_by_the_daemon_or_by_hand()
    {
        Assert.That(LogStreamVerdict.Of(null, Automatic).ToDo, Does.StartWith("start the daemon"));
        Assert.That(LogStreamVerdict.Of(null, ByHand).ToDo, Does.StartWith("set the destination in the admin console"));
        Assert.That(LogStreamVerdict.Of(null, Automatic).State, Is.EqualTo(CheckState.Ok));
    }

    [Test]
    public void Somebody_elses_is_missing_where_the_daemon_would_leave_it_alone()
    {
        var other = new LogStreamSink("datadog", "https://secret-node.tail0.ts.net/");

        Assert.Multiple(() =>
        {
            Assert.That(LogStreamVerdict.Of(other, Automatic).State, Is.EqualTo(CheckState.Missing));
            Assert.That(LogStreamVerdict.Of(other, Automatic).ToDo, Does.Contain("auto_configure_overwrite"));
            Assert.That(LogStreamVerdict.Of(other, Automatic with { Overwrites = true }).State, Is.EqualTo(CheckState.Ok));
            Assert.That(LogStreamVerdict.Of(other with { User = "tailscale2otel" }, Automatic).State, Is.EqualTo(CheckState.Missing), "another daemon's");
            Assert.That(LogStreamVerdict.Of(other with { User = "tailscale2otel" }, Automatic, isOwn: true).State, Is.EqualTo(CheckState.Ok), "an older one of its own");
            Assert.That(LogStreamVerdict.Of(other, ByHand).State, Is.EqualTo(CheckState.Ok));
            Assert.That(LogStreamVerdict.Of(other, Automatic).ToString(), Does.Not.Contain("secret-node"));
        });
    }

    [TestCase("", "nothing was delivered yet")]
    [TestCase("ada@example.com: unexpected status 403", "the last delivery failed: HTTP 403")]
    public void A_delivery_error_is_told_by_its_kind_alone(string error, string expected)
    {
        var finding = LogStreamVerdict.Of(new LogStreamStatus { LastError = error });

        Assert.That((finding.State, finding.Detail), Is.EqualTo((CheckState.Ok, expected)));
    }

    [Test]
    public void A_delivery_without_an_error_went_well() =>
        Assert.That(LogStreamVerdict.Of(new LogStreamStatus { LastActivity = DateTimeOffset.UnixEpoch }).Detail, Is.EqualTo("the last delivery went well"));
}
