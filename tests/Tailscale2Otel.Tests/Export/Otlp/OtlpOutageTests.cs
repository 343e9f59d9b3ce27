using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Export.Otlp;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class OtlpOutageTests
{
    static readonly OtlpReply Unavailable = new() { Decision = OtlpDecision.Retry, Status = 503, ErrorType = "unavailable", Message = "data of somebody" };
    static readonly OtlpReply Forbidden = new() { Decision = OtlpDecision.RetryLoudly, Status = 403, ErrorType = "unauthenticated", Message = "no such token" };

    readonly Meter _meter = new("outage");
    readonly ManualTime _time = new();
    readonly Health _health = new();
    readonly CollectedLines _lines = new();
    readonly CountedMetrics _counts;
    readonly OtlpOutage _outage;

    public OtlpOutageTests()
    {
        _counts = new CountedMetrics(_meter);
        var target = OtlpTarget.Resolve(new OtlpOptions { Endpoint = "http://backend:4318/with/path?key=secret" }, OtlpSignal.Logs)!;
        _outage = new OtlpOutage(target, new ExportMetrics(_meter), _health, _lines.For<OtlpOutage>(), _time);
    }

    [Test]
    public void Says_once_a_minute_what_is_wrong_and_once_that_it_is_over()
    {
        for (var i = 0; i < 130; i++)
        {
            _outage.Failed(Unavailable);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _outage.Succeeded();
        _outage.Succeeded();

        Assert.Multiple(() =>
        {
            Assert.That(_lines.All.Select(l => l.Text), Is.EqualTo(new[]
            {
                "Cannot deliver logs to backend:4318: HTTP 503. Repeating; nothing is lost.",
                "Cannot deliver logs to backend:4318: HTTP 503. Repeating; nothing is lost. (59 earlier lines withheld)",
                "Cannot deliver logs to backend:4318: HTTP 503. Repeating; nothing is lost. (59 earlier lines withheld)",
                "backend:4318 takes logs again after 00:02:10 and 130 failed attempts",
            }));
            Assert.That(_counts["tailscale2otel.export.diagnostics.suppressed unavailable logs"], Is.EqualTo(127));
            Assert.That(_health.Advices, Is.Empty);
        });
    }

    [Test]
    public void Tells_health_what_only_the_operator_can_mend()
    {
        _outage.Failed(Unavailable);
        _outage.Failed(Forbidden);
        var problem = _health.Advices.Single();
        _outage.Succeeded();

        Assert.Multiple(() =>
        {
            Assert.That(problem.Key, Is.EqualTo("otlp logs"));
            Assert.That(problem.Value, Does.Contain("refuses the credentials").And.Not.Contains("no such token"));
            Assert.That(_health.Advices, Is.Empty);
            Assert.That(_lines.All[1].Level, Is.EqualTo(LogLevel.Error));
            Assert.That(_lines.All[1].Text, Does.Contain("no such token").And.Contains("check otlp.headers"));
        });
    }

    [Test]
    public void Says_nothing_of_success_without_failure()
    {
        _outage.Succeeded();

        Assert.That(_lines.All, Is.Empty);
    }

    [Test]
    public void Repeats_a_backends_words_only_where_they_cannot_quote_data()
    {
        _outage.Failed(Unavailable);
        _outage.Refused(Unavailable with { Status = 400 });
        _outage.PartiallyRejected(Unavailable with { Rejected = 2 });

        Assert.That(_lines.All, Has.Count.EqualTo(3));
        Assert.That(_lines.All.Select(l => l.Text), Has.None.Contains("somebody").And.None.Contains("secret"));
    }

    [TearDown]
    public void Close()
    {
        _counts.Dispose();
        _meter.Dispose();
    }
}
