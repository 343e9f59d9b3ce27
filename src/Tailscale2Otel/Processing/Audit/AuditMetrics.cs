using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Processing.Audit;

/// <summary>
/// What audit records count (docs/signals.md). Counters are frozen like those of flows; the two delay histograms are
/// recorded as they come, since a distribution that overlaps a crash by a few records says the same.
/// </summary>
sealed partial class AuditMetrics : IFrozenMetrics
{
    const int MaxDigests = 128;
    const int DigestBytes = 6;

    static readonly double[] DelayBounds = [1, 5, 30, 60, 300, 900, 3600, 21600, 86400];

    readonly TailnetMeter _meter;
    readonly CounterFamily _events;
    readonly CounterFamily _changes;
    readonly CounterFamily _drift;
    readonly Histogram<double> _deferredDelay;
    readonly Histogram<double> _processingDelay;
    readonly HashSet<string> _reported = [];
    readonly ILogger<AuditMetrics> _logger;

    public AuditMetrics(TailnetMeter meter, ILogger<AuditMetrics> logger)
    {
        _meter = meter;
        _logger = logger;
        _events = new CounterFamily(meter, "tailscale.config.audit.events", "{event}", "Audit events", ["tailscale.audit.action", "tailscale.audit.origin"]);
        _changes = new CounterFamily(
            meter, "tailscale.config.audit.changes", "{event}", "Audit events relevant to security or lifecycle",
            ["tailscale.audit.change", "tailscale.audit.action", "tailscale.actor.type"]);
        _drift = new CounterFamily(meter, "tailscale.config.audit.schema_drift", "{observation}", "Observations of enumerated values, known or unknown", ["field", "status"]);

        var bounds = new InstrumentAdvice<double> { HistogramBucketBoundaries = DelayBounds };
        _deferredDelay = meter.CreateHistogram("tailscale.config.audit.deferred.delay", "s", "From the event to its deferred recording", bounds);
        _processingDelay = meter.CreateHistogram("tailscale.config.audit.processing.delay", "s", "From the event, or its deferred recording, to its acceptance here", bounds);
    }

    /// <param name="eventTime">The event's own time in Unix nanoseconds; 0 when it has none.</param>
    public void Add(in AuditRecord record, long eventTime, long receivedAt)
    {
        var action = AuditVocabulary.Closed(AuditVocabulary.Actions, record.Action);
        AddText(_events, action, AuditVocabulary.Closed(AuditVocabulary.Origins, record.Origin));
        if (AuditVocabulary.Category(record.TargetType, action, record.TargetProperty) is { } category)
            AddText(_changes, category, action, AuditVocabulary.Closed(AuditVocabulary.ActorTypes, record.ActorType));

        Observe("action", AuditVocabulary.Actions, record.Action);
        Observe("origin", AuditVocabulary.Origins, record.Origin);
        Observe("actor_type", AuditVocabulary.ActorTypes, record.ActorType);
        Observe("target_property", AuditVocabulary.Properties, record.TargetProperty);

        var deferredAt = record.DeferredAt;
        if (eventTime > 0 && deferredAt >= eventTime)
            _deferredDelay.Record(Seconds(deferredAt - eventTime), _meter.Tags());
        var from = deferredAt > 0 ? deferredAt : eventTime;
        if (from > 0 && receivedAt >= from)
            _processingDelay.Record(Seconds(receivedAt - from), _meter.Tags());
    }

    public void Freeze()
    {
        _events.Freeze();
        _changes.Freeze();
        _drift.Freeze();
    }

    void Observe(string field, FrozenSet<string> vocabulary, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return;

        var isKnown = AuditVocabulary.Closed(vocabulary, value) != AuditVocabulary.Other;
        AddText(_drift, field, isKnown ? "known" : "unknown");
        if (!isKnown && _reported.Count < MaxDigests)
            Report(field, value);
    }

    /// <summary>Once for each value, and by digest: nobody said that what stands there is not personal.</summary>
    void Report(string field, ReadOnlySpan<byte> value)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(value).AsSpan(0, DigestBytes));
        if (_reported.Add($"{field} {digest}"))
            Log.UnknownValue(_logger, field, digest);
    }

    static void AddText(CounterFamily family, string first, string second, string third = "")
    {
        Span<byte> a = stackalloc byte[64];
        Span<byte> b = stackalloc byte[64];
        Span<byte> c = stackalloc byte[64];
        family.Add(1, a[..Encoding.UTF8.GetBytes(first, a)], b[..Encoding.UTF8.GetBytes(second, b)], c[..Encoding.UTF8.GetBytes(third, c)]);
    }

    static double Seconds(long nanoseconds) => nanoseconds / (double)EventTime.NanosecondsPerSecond;

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Audit records carry a value of {Field} that is not documented (SHA-256 begins with {Digest}); metrics count it as other")]
        public static partial void UnknownValue(ILogger logger, string field, string digest);
    }
}
