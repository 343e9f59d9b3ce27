using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Audit;

public sealed class AuditMetricsTests
{
    const long Second = 1_000_000_000;
    const long Time = 1_785_153_540 * Second;

    MeterReadings _readings;
    CollectingLogger _logger;
    AuditMetrics _metrics;

    [SetUp]
    public void SetUp()
    {
        _readings = new MeterReadings();
        _logger = new CollectingLogger();
        _metrics = new AuditMetrics(_readings.Meter, _logger);
    }

    [TearDown]
    public void TearDown() => _readings.Dispose();

    [Test]
    public void Counts_all_events_and_of_the_changes_those_that_matter()
    {
        Add("""{"action":"UPDATE","origin":"ADMIN_CONSOLE","actor":{"type":"USER"},"target":{"type":"TAILNET","property":"ACL"}}""");
        Add("""{"action":"UPDATE","origin":"NODE","actor":{"type":"NODE"},"target":{"type":"NODE","property":"MACHINE_NAME"}}""");
        Add("""{"action":"NEW","origin":"NEW","actor":{"type":"NEW"},"target":{"type":"TAILNET","property":"TKA"}}""");
        _metrics.Freeze();

        Assert.That(_readings.Observe("tailscale.config.audit.events"), Is.EqualTo(new Dictionary<string, long>
        {
            ["tailscale.audit.action=UPDATE,tailscale.audit.origin=ADMIN_CONSOLE"] = 1,
            ["tailscale.audit.action=UPDATE,tailscale.audit.origin=NODE"] = 1,
            ["tailscale.audit.action=other,tailscale.audit.origin=other"] = 1,
        }));
        Assert.That(_readings.Observe("tailscale.config.audit.changes"), Is.EqualTo(new Dictionary<string, long>
        {
            ["tailscale.actor.type=USER,tailscale.audit.action=UPDATE,tailscale.audit.change=acl"] = 1,
            ["tailscale.actor.type=other,tailscale.audit.action=other,tailscale.audit.change=tailnet_lock"] = 1,
        }));
    }

    [Test]
    public void Observes_which_values_are_documented()
    {
        Add("""{"action":"UPDATE","origin":"NEW","actor":{"type":"USER"},"target":{"property":"ACL_TAGS"}}""");
        Add("""{"action":"UPDATE"}""");
        _metrics.Freeze();
        Assert.That(_readings.Observe("tailscale.config.audit.schema_drift"), Is.EqualTo(new Dictionary<string, long>
        {
            ["field=action,status=known"] = 2,
            ["field=origin,status=unknown"] = 1,
            ["field=actor_type,status=known"] = 1,
            ["field=target_property,status=known"] = 1,
        }));
    }

    [Test]
    public void An_unknown_value_is_logged_once_and_never_as_it_is()
    {
        for (var i = 0; i < 3; i++)
            Add("""{"action":"ada@example.com"}""");
        Assert.That(_logger.Messages, Has.Count.EqualTo(1));
        Assert.That(_logger.Messages[0], Does.Contain("action").And.Not.Contain("ada").And.Match("[0-9a-f]{12}"));

        for (var i = 0; i < 1000; i++)
            Add(string.Create(CultureInfo.InvariantCulture, $$"""{"action":"NEW_{{i}}"}"""));
        Assert.That(_logger.Messages, Has.Count.EqualTo(128));
    }

    [TestCase(0, 10, null, 10.0)]
    [TestCase(4, 10, 4.0, 6.0)]
    [TestCase(-4, 10, null, 14.0)]
    [TestCase(20, 10, 20.0, null)]
    [TestCase(0, -1, null, null)]
    public void Delays_are_observed_where_the_times_are_in_order(int deferred, int received, double? deferredDelay, double? processingDelay)
    {
        var record = new AuditRecord { Action = "LOGIN"u8, DeferredAt = deferred == 0 ? 0 : Time + deferred * Second };
        _metrics.Add(record, Time, Time + received * Second);
        Assert.That(_readings.Recorded("tailscale.config.audit.deferred.delay"), Is.EqualTo(deferredDelay is { } d ? new[] { d } : []));
        Assert.That(_readings.Recorded("tailscale.config.audit.processing.delay"), Is.EqualTo(processingDelay is { } p ? new[] { p } : []));
    }

    [Test]
    public void Without_any_time_there_is_no_delay()
    {
        _metrics.Add(new AuditRecord { Action = "LOGIN"u8 }, 0, Time);
        Assert.That(_readings.Recorded("tailscale.config.audit.processing.delay"), Is.Empty);
    }

    void Add(string json)
    {
        using var texts = new PooledBytes();
        Assert.That(AuditDecoder.TryDecode(Encoding.UTF8.GetBytes(json), texts, out var record), Is.True);
        _metrics.Add(record, 0, 0);
    }

    sealed class CollectingLogger : ILogger<AuditMetrics>
    {
        public List<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.That(logLevel, Is.EqualTo(LogLevel.Warning));
            Messages.Add(formatter(state, exception));
        }
    }
}
