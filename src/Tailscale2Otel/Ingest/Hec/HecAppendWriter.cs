using System.Buffers;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Copies what the reader found into an append, each record with the metadata of the wrappers around it.</summary>
static class HecAppendWriter
{
    /// <summary>Each member with the comma and colon around it, as the metadata has them.</summary>
    static readonly byte[][] Names = [.. HecEnvelope.Members.Select(m => Encoding.UTF8.GetBytes($"\"{m}\":"))];

    /// <summary>False when a record, the metadata of all together or the append goes over its limit; the batch is then as it was.</summary>
    public static bool TryWrite(ReadOnlySpan<byte> body, HecRecords records, HecQuery query, HecLimits limits, in HecOrigin origin, SpoolAppend batch)
    {
        if (!TryMeasure(body, records, query, limits, out var longest, out var bytes))
            return false;
        if (bytes + (records.Count * (long)(FrameHeader.Size + Encoding.UTF8.GetByteCount(origin.Tailnet))) > SpoolAppend.MaxBytes)
            return false;

        batch.Reserve(records.Count, origin.Tailnet, bytes);
        var metadata = ArrayPool<byte>.Shared.Rent(longest);
        try
        {
            foreach (ref readonly var record in records.Items)
            {
                var written = WriteMetadata(body, records, query, record.Envelope, metadata);
                batch.Add(RecordSource.Stream, record.Signal, origin.Tailnet, origin.ReceivedAt, metadata.AsSpan(0, written), body.Slice(record.Start, record.Length));
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(metadata);
        }
    }

    static bool TryMeasure(ReadOnlySpan<byte> body, HecRecords records, HecQuery query, HecLimits limits, out int longest, out long bytes)
    {
        var remaining = limits.MetadataBytes;
        longest = 0;
        bytes = 0;
        foreach (ref readonly var record in records.Items)
        {
            var length = MeasureMetadata(body, records, query, record.Envelope);
            if (length > remaining || length + record.Length > HecLimits.RecordBytes)
                return false;
            remaining -= length;
            longest = Math.Max(longest, length);
            bytes += length + record.Length;
        }

        return true;
    }

    static int MeasureMetadata(ReadOnlySpan<byte> body, HecRecords records, HecQuery query, int envelope)
    {
        var length = 2;
        for (var member = 0; member < HecEnvelope.MemberCount; member++)
        {
            var value = Find(body, records, query, envelope, member);
            if (!value.IsEmpty)
                length += Names[member].Length + value.Length + 1;
        }

        return length;
    }

    /// <summary>Returns the length; 0 when there is nothing to say.</summary>
    static int WriteMetadata(ReadOnlySpan<byte> body, HecRecords records, HecQuery query, int envelope, Span<byte> destination)
    {
        var length = 0;
        for (var member = 0; member < HecEnvelope.MemberCount; member++)
        {
            var value = Find(body, records, query, envelope, member);
            if (value.IsEmpty)
                continue;

            destination[length++] = length == 1 ? (byte)'{' : (byte)',';
            Names[member].CopyTo(destination[length..]);
            length += Names[member].Length;
            value.CopyTo(destination[length..]);
            length += value.Length;
        }

        if (length > 0)
            destination[length++] = (byte)'}';
        return length;
    }

    /// <summary>The innermost wrapper that has the member decides; the query is the outermost.</summary>
    static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> body, HecRecords records, HecQuery query, int envelope, int member)
    {
        for (; envelope >= 0; envelope = records.Envelopes[envelope].Parent)
        {
            var range = records.Envelopes[envelope].Values[member];
            if (range.Length > 0)
                return range.Of(body);
        }

        return query.IsEmpty ? default : query[member];
    }
}
