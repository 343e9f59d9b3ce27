using System.Security.Cryptography;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

/// <summary>
/// The payload is a word, and the word's beginning says what becomes of it: <c>bad</c> is a dead letter, <c>drop</c> is dropped,
/// <c>multi</c> gives three log records, <c>fail</c> throws after one and a half, all others give one. Equal words are the same event.
/// </summary>
sealed class WordProcessor(DeduplicationWindow window, Changes changes) : IRecordProcessor
{
    public ProcessResult Process(in RawRecord record, LogWriter logs, RecordPass pass)
    {
        var word = Encoding.UTF8.GetString(record.Payload);
        var result = Decide(word, record);
        if (result.Outcome == ProcessOutcome.Mapped && pass.HasFlag(RecordPass.Deliver))
            Write(word, record, logs);
        changes.Note($"{word}: {result.Outcome} {pass}");
        return result;
    }

    ProcessResult Decide(string word, in RawRecord record)
    {
        if (word.StartsWith("bad", StringComparison.Ordinal))
            return ProcessResult.DeadLetter("decode_error");
        if (word.StartsWith("drop", StringComparison.Ordinal))
            return new ProcessResult(ProcessOutcome.Dropped, "unrecognized");
        var key = ContentKey.From(SHA256.HashData(record.Payload));
        return window.TryClaim(key, record.Position, record.ReceivedAt) ? ProcessResult.Mapped : ProcessResult.Duplicate;
    }

    static void Write(string word, in RawRecord record, LogWriter logs)
    {
        for (var i = 0; i < (word.StartsWith("multi", StringComparison.Ordinal) ? 3 : 1); i++)
        {
            logs.Begin(new LogHeader(record.Position, LogAttributes.StreamEvent, LogSeverity.Info, 0, record.ReceivedAt));
            logs.Body(record.Payload);
            logs.End();
            if (!word.StartsWith("fail", StringComparison.Ordinal))
                continue;

            logs.Begin(new LogHeader(record.Position, LogAttributes.StreamEvent, LogSeverity.Info, 0, record.ReceivedAt));
            throw new InvalidOperationException("half a record is written");
        }
    }
}
