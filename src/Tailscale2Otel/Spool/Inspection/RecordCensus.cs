using System.Runtime.InteropServices;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.Inspection;

/// <summary>Counts the records of a snapshot. Every frame is read and its checksum compared.</summary>
sealed class RecordCensus
{
    /// <summary>Records between two reports of progress and two looks at the cancellation.</summary>
    const int Slice = 4096;

    readonly Dictionary<(RecordSource Source, RecordSignal Signal, string Tailnet), (long Records, long Bytes)> _counts = [];
    readonly Dictionary<long, long> _bySegment = [];
    readonly CursorState _cursors;

    RecordCensus(CursorState cursors) => _cursors = cursors;

    public long Records { get; private set; }

    /// <summary>Records that the delivered cursor has not passed.</summary>
    public long Undelivered { get; private set; }

    public long Uncounted { get; private set; }

    public long Unkeyed { get; private set; }

    /// <summary>By source, signal and tailnet, in this order.</summary>
    public IReadOnlyList<RecordCount> Counts =>
    [
        .. _counts.Select(c => new RecordCount(c.Key.Source, c.Key.Signal, c.Key.Tailnet, c.Value.Records, c.Value.Bytes))
            .OrderBy(c => c.Source).ThenBy(c => c.Signal).ThenBy(c => c.Tailnet, StringComparer.Ordinal),
    ];

    public long RecordsOf(Segment segment) => _bySegment.GetValueOrDefault(segment.Start);

    /// <param name="progress">Gets the position reached and the records read so far.</param>
    public static RecordCensus Take(SpoolSnapshot snapshot, Action<long, long> progress, CancellationToken cancellation)
    {
        var census = new RecordCensus(snapshot.Cursors ?? default);
        using var reader = snapshot.Read(SpoolPosition.Start);
        Segment? segment = null;
        while (reader.TryRead(out var record))
        {
            if (segment is null || record.Position.Value >= segment.End)
                segment = snapshot.Find(record.Position.Value);
            census.Add(record, segment!.Start);
            if (census.Records % Slice == 0)
            {
                progress(record.Next.Value, census.Records);
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return census;
    }

    void Add(in RawRecord record, long segment)
    {
        var position = record.Position.Value;
        Records++;
        Undelivered += position >= _cursors.Delivered ? 1 : 0;
        Uncounted += position >= _cursors.Counted ? 1 : 0;
        Unkeyed += position >= _cursors.Keyed ? 1 : 0;
        CollectionsMarshal.GetValueRefOrAddDefault(_bySegment, segment, out _)++;
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, (record.Source, record.Signal, record.Tailnet), out _);
        count = (count.Records + 1, count.Bytes + record.Next.Value - position);
    }
}
