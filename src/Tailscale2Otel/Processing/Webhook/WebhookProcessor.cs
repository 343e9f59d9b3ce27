using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Processing.Webhook;

/// <summary>Webhook events to <c>tailscale.webhook.*</c> log records and counts.</summary>
/// <param name="memory">Tells late events that are surely new from those that may have been forgotten; null where no one asks.</param>
/// <param name="changes">Changes that audit records tell too; null when they are not compared.</param>
sealed partial class WebhookProcessor(
    DeduplicationWindow window, WindowMemory? memory, SharedChanges? changes, WebhookEventMetrics metrics, ILogger<WebhookProcessor> logger) : IRecordProcessor
{
    /// <summary>
    /// Clocks differ by less, and a delivery that comes within it is on time: whether it is a repeat is asked of the window alone,
    /// as every receiver of signed requests does.
    /// </summary>
    const long OnTime = 300 * EventTime.NanosecondsPerSecond;

    const int UidLength = 32;

    readonly WebhookTypes _types = new();
    bool _hasWarned;

    public ProcessResult Process(in RawRecord record, LogWriter logs, RecordPass pass)
    {
        using var texts = new PooledBytes();
        if (!WebhookDecoder.TryDecode(record.Payload, texts, out var decoded))
            return ProcessResult.DeadLetter("decode_error");

        var key = WebhookKey.Of(record.Tailnet, decoded);
        if (!window.TryClaim(key, record.Position, record.ReceivedAt))
            return Repeated(ProcessResult.Duplicate, pass);

        using var dataTexts = new PooledBytes();
        var type = _types.Find(decoded.Type);
        var data = decoded.IsVersion1 ? WebhookDataReader.Read(decoded.Data, dataTexts) : default;
        var change = changes is null ? null : WebhookChange.Of(record.Tailnet, type, data);
        if (change is { } told && decoded.Time > 0 && !changes!.TryTell(told, decoded.Time, record))
            return Repeated(ProcessResult.SameChange, pass);

        var signedAt = WebhookMetadata.SignedAt(record.Metadata);
        var mayRepeat = MayRepeat(decoded.Time, signedAt, record.ReceivedAt);
        if (pass.HasFlag(RecordPass.Deliver))
        {
            WebhookLog.Begin(logs, record, decoded, type, decoded.Time > 0 ? decoded.Time : signedAt > 0 ? signedAt : record.ReceivedAt, key);
            WebhookLog.AddData(logs, type.Fields, data);
            AddChange(logs, change);
            if (mayRepeat)
                logs.Add(LogAttributes.Repeat, "possible"u8);
            logs.End();
        }

        if (pass.HasFlag(RecordPass.Count))
        {
            metrics.Add(type, decoded.IsVersion1, data.Ignored, mayRepeat);
            if (IsOfAnother(record.Tailnet, decoded.Tailnet))
                metrics.Mismatch();
        }

        return ProcessResult.MappedAt(decoded.Time, 0);
    }

    ProcessResult Repeated(ProcessResult result, RecordPass pass)
    {
        if (pass.HasFlag(RecordPass.Count))
            metrics.Duplicate();
        return result;
    }

    /// <summary>
    /// An event cannot have come before it happened. So what is late and not in the window is surely new if the window goes back
    /// to then; if it does not, the event may have been delivered and forgotten, and its log record says so.
    /// </summary>
    bool MayRepeat(long time, long signedAt, long receivedAt)
    {
        var happenedAt = time > 0 && (signedAt == 0 || time < signedAt) ? time : signedAt;
        if (memory is null || happenedAt == 0 || receivedAt - happenedAt <= OnTime || memory.Covers(happenedAt - OnTime, receivedAt))
            return false;

        if (!_hasWarned)
            Log.MayRepeat(logger);
        _hasWarned = true;
        return true;
    }

    /// <summary>
    /// The signature said whose event it is. Its own word is no credential and may be another of the tailnet's names, so that it is
    /// counted and neither believed nor a reason to lose the event.
    /// </summary>
    static bool IsOfAnother(string configured, ReadOnlySpan<byte> told) =>
        configured.Length > 0 && !told.IsEmpty && !configured.Equals(Encoding.UTF8.GetString(told), StringComparison.OrdinalIgnoreCase);

    static void AddChange(LogWriter logs, ContentKey? change)
    {
        if (change is not { } key)
            return;

        Span<byte> id = stackalloc byte[UidLength];
        key.WriteHex(id);
        logs.Add(LogAttributes.ChangeId, id);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Webhook events came that are older than what the deduplication window remembers: it is new, too short or full (deduplication.window, deduplication.max_keys). Nobody can tell whether they were delivered before, so they are, with tailscale2otel.repeat = possible")]
        public static partial void MayRepeat(ILogger logger);
    }
}
