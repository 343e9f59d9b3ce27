using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>Frames that become durable together, built in pooled memory. The caller owns it and disposes it after the append.</summary>
sealed class SpoolAppend : IDisposable
{
    /// <summary>Frames added so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that the frames will take in the spool.</summary>
    public long Bytes { get; private set; }

    /// <param name="receivedAt">Unix nanoseconds.</param>
    /// <param name="metadata">A JSON object or nothing, see <see cref="RawRecord.Metadata"/>; copied.</param>
    /// <param name="payload">See <see cref="RecordSignal"/>; copied.</param>
    public void Add(RecordSource source, RecordSignal signal, string tailnet, long receivedAt, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> payload)
    {
        Count++;
        Bytes += metadata.Length + payload.Length + tailnet.Length;
    }

    public void Dispose()
    {
    }
}
