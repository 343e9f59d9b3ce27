using System.Diagnostics.Metrics;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>The receiver's instruments; names as in the Go project, so that its dashboards work.</summary>
sealed class HecMetrics(Meter meter)
{
    static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10],
    };

    readonly Counter<long> _records = meter.CreateCounter<long>("tailscale.stream.records", "{record}", "Records accepted");
    readonly Counter<long> _rejected = meter.CreateCounter<long>("tailscale.stream.rejected", "{rejection}", "Whole HEC requests refused");
    readonly Counter<long> _skipped = meter.CreateCounter<long>("tailscale.stream.skipped", "{record}", "Records in accepted bodies that are neither flow nor audit records");
    readonly UpDownCounter<long> _inflight = meter.CreateUpDownCounter<long>("tailscale.stream.inflight", "{request}", "HEC requests in progress");
    readonly Histogram<double> _duration = meter.CreateHistogram("tailscale.stream.request.duration", "s", "HEC handling time", null, Buckets);

    public void Begin() => _inflight.Add(1);

    public void End(TimeSpan elapsed)
    {
        _inflight.Add(-1);
        _duration.Record(elapsed.TotalSeconds);
    }

    public void Rejected(string reason) => _rejected.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Accepted(HecRecords records)
    {
        var flows = records.CountOf(RecordSignal.Flow);
        var audits = records.CountOf(RecordSignal.Audit);
        if (flows > 0)
            _records.Add(flows, new KeyValuePair<string, object?>("type", "flow"));
        if (audits > 0)
            _records.Add(audits, new KeyValuePair<string, object?>("type", "audit"));
        if (records.Count > flows + audits)
            _skipped.Add(records.Count - flows - audits, new KeyValuePair<string, object?>("reason", "unclassified"));
    }
}
