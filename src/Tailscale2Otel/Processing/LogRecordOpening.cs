using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing;

/// <summary>What every log record starts with, whatever it is about.</summary>
static class LogRecordOpening
{
    /// <summary>Begins the record and writes uid, tailnet, provider and source; the caller adds the rest and ends it.</summary>
    /// <param name="uid"><c>log.record.uid</c> in ASCII; empty when the event has no key.</param>
    public static void Begin(LogWriter logs, in RawRecord record, in LogHeader header, ReadOnlySpan<byte> uid)
    {
        logs.Begin(header);
        logs.Add(LogAttributes.Uid, uid);
        AddOrigin(logs, record);
    }

    /// <summary>The part of it that is the same for all log records of one record.</summary>
    public static void AddOrigin(LogWriter logs, in RawRecord record)
    {
        AddTailnet(logs, record.Tailnet);
        logs.Add(LogAttributes.Provider, "tailscale"u8);
        logs.Add(LogAttributes.Source, RecordNames.Of(record.Source));
    }

    static void AddTailnet(LogWriter logs, string tailnet)
    {
        if (tailnet.Length == 0)
            return;

        Span<byte> utf8 = stackalloc byte[512];
        if (Encoding.UTF8.TryGetBytes(tailnet, utf8, out var length))
            logs.Add(LogAttributes.Tailnet, utf8[..length]);
        else
            logs.Add(LogAttributes.Tailnet, Encoding.UTF8.GetBytes(tailnet));
    }
}
