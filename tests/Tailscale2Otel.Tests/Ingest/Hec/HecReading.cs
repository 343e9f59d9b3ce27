using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <summary>From what the reader found to what would be in the spool.</summary>
static class HecReading
{
    public static bool TryAppend(ReadOnlySpan<byte> body, HecRecords found, HecLimits limits, out IReadOnlyList<CollectedAppend> records)
    {
        using var batch = new SpoolAppend();
        var spool = new CollectingSpool();
        var isWritten = HecAppendWriter.TryWrite(body, found, HecQuery.Empty, limits, new HecOrigin("", 1), batch);
        if (isWritten)
            _ = spool.AppendAsync(batch, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        records = spool.Records;
        return isWritten;
    }
}
