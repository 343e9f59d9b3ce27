using OpenTelemetry;
using OpenTelemetry.Metrics;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>
/// The SDK's exporter writes the protobuf, our sender delivers it: one transport, one set of rules and one kind of answer for
/// both signals. A collection is sent in requests of a bounded number of points; a request that the backend refuses is divided
/// by metrics until the refused one stands alone. Under delta temporality the SDK forgets what it handed over, so what could
/// not be delivered is kept and goes before the next collection.
/// </summary>
sealed class OtlpMetricExporter : OpenTelemetry.Exporter.OtlpMetricExporter
{
    static readonly OtlpReply TooLarge = new() { Decision = OtlpDecision.Split, Status = 413, ErrorType = "invalid" };

    readonly OtlpSender _sender;
    readonly OtlpRelay _relay;
    readonly ExportMetrics _metrics;
    readonly int _batchSize;
    readonly bool _keep;

    /// <summary>What could not be delivered: each metric a request of its own, since those that are joined may have to be divided.</summary>
    readonly Queue<(byte[] Request, long Points)[]> _kept = [];
    readonly TimeProvider _time;
    CancellationToken _cancellation;
    TimeSpan _pause;
    long _pausedAt;

    /// <exception cref="InvalidOperationException">A certificate file cannot be used; the message names it.</exception>
    public static OtlpMetricExporter Create(OtlpOptions options, ExportMetrics metrics, Health health, ILogger<OtlpMetricExporter> logger, TimeProvider time)
    {
        var target = OtlpTarget.Resolve(options, OtlpSignal.Metrics) ?? throw new InvalidOperationException("otlp.metrics is turned off.");
        var sender = new OtlpSender(OtlpClient.Create(target, time), new OtlpOutage(target, metrics, health, logger, time), metrics, time, []);
        return new OtlpMetricExporter(sender, new OtlpRelay(), metrics, options, time);
    }

    OtlpMetricExporter(OtlpSender sender, OtlpRelay relay, ExportMetrics metrics, OtlpOptions options, TimeProvider time)
        : base(relay.Options())
    {
        _sender = sender;
        _relay = relay;
        _metrics = metrics;
        _time = time;
        _batchSize = options.MetricExportBatchSize;
        _keep = options.Temporality == OtlpChoice.Delta;
    }

    /// <summary>Before a collection: delivers what an earlier one left. False: still not possible, or too soon for the backend, and then nothing should be collected.</summary>
    public bool Begin(CancellationToken cancellation)
    {
        _cancellation = cancellation;
        if (_pause > TimeSpan.Zero && _time.GetElapsedTime(_pausedAt) < _pause)
            return false;

        _pause = TimeSpan.Zero;
        while (_kept.TryPeek(out var metrics))
        {
            if (!IsDone(SendKept(metrics), out var reply))
                return false;

            _kept.Dequeue();
            var points = metrics.Sum(m => m.Points);
            if (reply.Decision == OtlpDecision.Accepted)
            {
                Partial(reply, points);
            }
            else if (metrics.Length > 1)
            {
                _kept.Enqueue(metrics[..(metrics.Length / 2)]);
                _kept.Enqueue(metrics[(metrics.Length / 2)..]);
            }
            else
            {
                GiveUp(reply, points);
            }
        }

        return true;
    }

    /// <summary>Does not throw.</summary>
    public override ExportResult Export(in Batch<Metric> metrics)
    {
        var delivered = true;
        var request = new List<Metric>();
        long points = 0;
        foreach (var metric in metrics)
        {
            var own = Points(metric);
            if (points > 0 && points + own > _batchSize)
            {
                delivered &= Export(request);
                request.Clear();
                points = 0;
            }

            request.Add(metric);
            points += own;
            _metrics.Points(own);
        }

        delivered &= Export(request);
        return delivered ? ExportResult.Success : ExportResult.Failure;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _sender.Dispose();
        base.Dispose(disposing);
    }

    static long Points(Metric metric)
    {
        long count = 0;
        foreach (ref readonly var _ in metric.GetMetricPoints())
            count++;
        return count;
    }

    bool Export(List<Metric> metrics)
    {
        if (metrics.Count == 0)
            return true;

        var request = Encode(metrics);
        if (request is null)
            return Refuse(TooLarge, metrics);

        if (!IsDone(Send(request, isAlone: metrics.Count == 1), out var reply))
        {
            if (_keep)
                Keep(metrics);
            return false;
        }

        if (reply.Decision == OtlpDecision.Accepted)
        {
            Partial(reply, metrics.Sum(Points));
            return true;
        }

        return Refuse(reply, metrics);
    }

    void Keep(List<Metric> metrics)
    {
        var kept = new List<(byte[] Request, long Points)>(metrics.Count);
        foreach (var metric in metrics)
        {
            if (Encode([metric]) is { } request)
                kept.Add((request, Points(metric)));
            else
                GiveUp(TooLarge, Points(metric));
        }

        if (kept.Count > 0)
            _kept.Enqueue([.. kept]);
    }

    /// <summary>Divides, or gives up the one metric that is left.</summary>
    bool Refuse(in OtlpReply reply, List<Metric> metrics)
    {
        if (metrics.Count > 1)
        {
            var half = metrics.Count / 2;
            return Export(metrics[..half]) & Export(metrics[half..]);
        }

        GiveUp(reply, Points(metrics[0]));
        return true;
    }

    void GiveUp(in OtlpReply reply, long points)
    {
        _metrics.Rejected(_sender.Target.Name, "refused", points);
        _sender.Outage.Refused(reply);
    }

    void Partial(in OtlpReply reply, long points)
    {
        var rejected = Math.Min(reply.Rejected, points);
        if (rejected == 0)
            return;
        _metrics.Rejected(_sender.Target.Name, "partial_success", rejected);
        _sender.Outage.PartiallyRejected(reply with { Rejected = rejected });
    }

    /// <summary>False when it is to be sent again.</summary>
    bool IsDone(OtlpReply? reply, out OtlpReply answer)
    {
        answer = reply.GetValueOrDefault();
        if (reply is not null && answer.Decision is not (OtlpDecision.Retry or OtlpDecision.RetryLoudly))
            return true;

        // Longer than one collection is patient: the next ones wait for the rest of it.
        (_pause, _pausedAt) = (answer.RetryAfter ?? TimeSpan.Zero, _time.GetTimestamp());
        return false;
    }

    /// <summary>Requests one behind the other are one with all that they have: each field of the message may be repeated.</summary>
    OtlpReply? SendKept((byte[] Request, long Points)[] metrics)
    {
        byte[] request = [.. metrics.SelectMany(m => m.Request)];
        return metrics.Length > 1 && IsTooLarge(request.Length) ? TooLarge : Send(request, isAlone: metrics.Length == 1);
    }

    /// <summary>The SDK's protobuf; null when it is over <c>otlp.max_request_size</c> or could not be written.</summary>
    byte[]? Encode(List<Metric> metrics)
    {
        _relay.Request = null;
        base.Export(new Batch<Metric>([.. metrics], metrics.Count));
        var request = _relay.Request;
        return request is null || IsTooLarge(request.Length) ? null : request;
    }

    bool IsTooLarge(int bytes) => _sender.Target.MaxRequestSize is > 0 and var limit && bytes > limit;

    /// <summary>Null when cancelled. The SDK collects on the caller's thread, which therefore waits here.</summary>
    OtlpReply? Send(byte[] request, bool isAlone)
    {
        var retry = _sender.Target.Retry;
        try
        {
            using var body = OtlpRequestBody.Create(_sender.Target, request, default);
            return _sender.SendAsync(body, isAlone, retry.Enabled ? retry.MaxElapsedTime : TimeSpan.Zero, _cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
