using System.Globalization;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>
/// Takes the records of one answer into the spool, append by append, so that memory does not grow with the answer; only the last
/// append has the cursor. Records that come a second time because an attempt broke off, or because the process died between two
/// appends, are recognised by their content.
/// </summary>
sealed class LogPageWriter(LogPollSettings settings, Intake intake, PollCursors cursors, PollMetrics metrics, TimeProvider time) : IDisposable
{
    public const int LargestRecord = LogAnswerReader.MaxRecordBytes;

    /// <summary>So that its buffer comes from the pool: larger ones, one after the other, made the heap grow by the answer.</summary>
    public const int AppendBytes = 512 * 1024;

    public const int AppendRecords = 1024;

    /// <summary>What a dead letter shows of a record that was too large.</summary>
    const int ShownBytes = LogAnswerReader.BeginningBytes;

    readonly KeyValuePair<string, object?>[] _tags = CollectorTags.Of(settings.Feed.Collector, settings.Label);
    SpoolAppend _batch = new();
    long _content;

    /// <summary>What the spool said to the last append; after a refusal nothing more is taken.</summary>
    public IntakeOutcome Outcome { get; private set; } = IntakeOutcome.Kept;

    /// <exception cref="OperationCanceledException">The spool did not take the records before; see <see cref="Outcome"/>.</exception>
    public ValueTask TakeAsync(LogElement record)
    {
        if (_batch.Count > 0 && (_batch.Count >= AppendRecords || _batch.Bytes + record.Json.Length > settings.AppendBytes))
            return AppendAndTakeAsync(record);
        Add(record);
        return ValueTask.CompletedTask;
    }

    /// <summary>Appends what is left.</summary>
    /// <param name="cursor">Of the window; null when it does not move.</param>
    public async Task<IntakeOutcome> FinishAsync(PollCursor? cursor)
    {
        if (cursor is not { } moved)
            return await AppendAsync();

        var key = new PollKey(settings.Tailnet, settings.Feed.Collector);
        _batch.Add(RecordSource.Poll, RecordSignal.Cursor, settings.Tailnet, Now(), [], moved.Write(settings.Feed.Collector));
        var result = await cursors.MoveAsync(key, moved, () => intake.AppendAsync(RecordSource.Poll, _batch, _content, bookkeeping: 1));
        Renew();
        return Outcome = result.Outcome;
    }

    public void Dispose() => _batch.Dispose();

    async ValueTask AppendAndTakeAsync(LogElement record)
    {
        if (Outcome != IntakeOutcome.Kept || await AppendAsync() != IntakeOutcome.Kept)
            throw new OperationCanceledException("The spool does not take what was fetched");
        Add(record);
    }

    async Task<IntakeOutcome> AppendAsync()
    {
        if (_batch.Count > 0)
            Outcome = (await intake.AppendAsync(RecordSource.Poll, _batch, _content)).Outcome;
        Renew();
        return Outcome;
    }

    void Renew()
    {
        _batch.Dispose();
        _batch = new SpoolAppend();
        _content = 0;
    }

    void Add(in LogElement record)
    {
        if (record.Size > settings.RecordBytes)
        {
            // No signal of its own: it becomes a dead letter, with its beginning and its size for whoever looks.
            var shown = record.Json.Span[..Math.Min(ShownBytes, record.Json.Length)];
            var size = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"collector":"{{settings.Feed.Collector}}","too_large":{{record.Size}}}"""));
            _batch.Add(RecordSource.Poll, RecordSignal.Unknown, settings.Tailnet, Now(), size, shown);
            _content += shown.Length;
            metrics.Oversized(_tags);
            return;
        }

        _batch.Add(RecordSource.Poll, settings.Feed.Signal, settings.Tailnet, Now(), [], record.Json.Span);
        _content += record.Json.Length;
    }

    long Now() => UnixTime.Nanoseconds(time.GetUtcNow());
}
