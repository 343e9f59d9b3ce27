using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Export.Otlp.Wire;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Delivers batches of log records over OTLP, each record until the backend accepted or refused it.</summary>
sealed class OtlpLogExporter : ILogExporter, IDisposable
{
    const int SmallestBatch = 64 * 1024;

    readonly OtlpSender _sender;
    readonly LogEnvelope _envelope;
    readonly OtlpLimitsOptions _limits;
    readonly ExportMetrics _metrics;
    int _lastBytes;

    /// <param name="resource">Of <see cref="Resource.ResourceAttributes"/>, with the version.</param>
    /// <exception cref="InvalidOperationException">A certificate file cannot be used; the message names it.</exception>
    public OtlpLogExporter(
        OtlpOptions options,
        IReadOnlyList<KeyValuePair<string, object>> resource,
        ExportMetrics metrics,
        Health health,
        ILogger<OtlpLogExporter> logger,
        TimeProvider time)
    {
        var target = OtlpTarget.Resolve(options, OtlpSignal.Logs) ?? throw new InvalidOperationException("otlp.logs is turned off.");
        _limits = options.Limits;
        _metrics = metrics;
        _envelope = new LogEnvelope(resource, ProductInfo.Name, ProductInfo.Version);
        _sender = new OtlpSender(
            OtlpClient.Create(target, time), new OtlpOutage(target, metrics, health, logger, time), metrics, time, _envelope.Head(0));
    }

    /// <summary>The batch begins with as much room as the last one needed, so that it need not grow.</summary>
    public LogBatch Rent() => new LogsWriter(_limits, _metrics, Math.Max(SmallestBatch, Volatile.Read(ref _lastBytes)));

    public async Task<DeliveryResult> DeliverAsync(LogBatch batch, Func<RefusedRecord, ValueTask> refused, CancellationToken cancellation)
    {
        var records = (LogsWriter)batch;
        Volatile.Write(ref _lastBytes, (int)records.Bytes);
        _metrics.Records(records.Count);

        var result = default(DeliveryResult);
        var runs = new Stack<(int First, int Count)>();
        if (records.Count > 0)
            runs.Push((0, records.Count));
        while (runs.TryPop(out var run))
        {
            var reply = await SendAsync(records, run.First, run.Count, cancellation);
            if (reply.Decision == OtlpDecision.Accepted)
            {
                var rejected = (int)Math.Min(reply.Rejected, run.Count);
                if (rejected > 0)
                {
                    _metrics.Rejected(_sender.Target.Name, "partial_success", rejected);
                    _sender.Outage.PartiallyRejected(reply with { Rejected = rejected });
                }

                result = result with { Accepted = result.Accepted + run.Count - rejected, PartiallyRejected = result.PartiallyRejected + rejected };
            }
            else if (run.Count > 1)
            {
                // The first half goes first, so that what is delivered keeps its order.
                var half = run.Count / 2;
                runs.Push((run.First + half, run.Count - half));
                runs.Push((run.First, half));
            }
            else
            {
                await refused(new RefusedRecord(records.Position(run.First), reply.Status, reply.Message));
                _metrics.Rejected(_sender.Target.Name, "refused", 1);
                _sender.Outage.Refused(reply);
                result = result with { Refused = result.Refused + 1 };
            }
        }

        return result;
    }

    public void Dispose() => _sender.Dispose();

    async Task<OtlpReply> SendAsync(LogsWriter records, int first, int count, CancellationToken cancellation)
    {
        var slice = records.Records(first, count);
        var head = _envelope.Head(slice.Length);
        var limit = _sender.Target.MaxRequestSize;
        if (limit > 0 && head.Length + slice.Length > limit)
            return new OtlpReply { Decision = OtlpDecision.Split, Status = 413, ErrorType = "invalid", Message = "The record is over otlp.max_request_size." };

        using var body = OtlpRequestBody.Create(_sender.Target, head, slice);
        return await _sender.SendAsync(body, isAlone: count == 1, Timeout.InfiniteTimeSpan, cancellation);
    }
}
