using System.Buffers.Binary;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Tests.Support;

/// <summary>
/// A spool that keeps appends in memory and does what a test says: take, refuse, make the appender wait. It takes the frames
/// apart by their documented layout and not with the spool's own code.
/// </summary>
sealed class CollectingSpool : ISpool
{
    readonly Lock _gate = new();
    readonly List<CollectedAppend> _records = [];
    readonly CollectedCursors _cursors = new();
    long _end;

    public IReadOnlyList<CollectedAppend> Records
    {
        get
        {
            lock (_gate)
                return [.. _records];
        }
    }

    /// <summary>What appends end with, and what the state says.</summary>
    public AppendOutcome Outcome { get; set; } = AppendOutcome.Durable;

    /// <summary>What appends end with while the state says that all is well: full between the look and the append.</summary>
    public AppendOutcome? AppendsEndWith { get; set; }

    /// <summary>Awaited before an append ends.</summary>
    public Func<Task>? BeforeAppend { get; set; }

    /// <summary>Keeps the number of records only, for tests with millions.</summary>
    public bool CountsOnly { get; set; }

    public long Count { get; private set; }

    public SpoolPosition Oldest => SpoolPosition.Start;

    public SpoolPosition End => new(Volatile.Read(ref _end));

    public SpoolCursors Cursors => _cursors;

    public SpoolState State => new(Outcome, Outcome == AppendOutcome.Durable ? "" : "a test says so");

    /// <summary>The backend accepted everything so far.</summary>
    public void DeliverAll() => _cursors.Set(End);

    public async ValueTask<AppendResult> AppendAsync(SpoolAppend batch, CancellationToken cancellation)
    {
        if (BeforeAppend is { } before)
            await before();
        if ((AppendsEndWith ?? Outcome) is var outcome and not AppendOutcome.Durable)
            return new AppendResult(outcome, default);

        lock (_gate)
        {
            Count += batch.Count;
            if (!CountsOnly)
                Take(batch.Frames.Span);
            _end += batch.Bytes;
            return new AppendResult(AppendOutcome.Durable, new SpoolPosition(_end));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _records.Clear();
            Count = 0;
        }
    }

    public SpoolReader Read(SpoolPosition from) => throw new NotSupportedException("Look at Records");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Header of 32 bytes: length at 4, receive time at 16, metadata length at 24, source, signal and tailnet length at 28, 29 and 31.</summary>
    void Take(ReadOnlySpan<byte> frames)
    {
        while (!frames.IsEmpty)
        {
            var frame = frames[..(int)(BinaryPrimitives.ReadUInt32LittleEndian(frames[4..]) & 0x7FFF_FFFF)];
            var metadata = BinaryPrimitives.ReadInt32LittleEndian(frame[24..]);
            var content = frame[32..];
            _records.Add(new CollectedAppend(
                (RecordSource)frame[28],
                (RecordSignal)frame[29],
                Encoding.UTF8.GetString(content[..frame[31]]),
                BinaryPrimitives.ReadInt64LittleEndian(frame[16..]),
                content.Slice(frame[31], metadata).ToArray(),
                content[(frame[31] + metadata)..].ToArray()));
            frames = frames[frame.Length..];
        }
    }

    sealed class CollectedCursors : SpoolCursors
    {
        long _delivered;

        public override SpoolPosition Delivered => new(Volatile.Read(ref _delivered));

        public override SpoolPosition Counted => Delivered;

        public override SpoolPosition Keyed => Delivered;

        public void Set(SpoolPosition position) => Volatile.Write(ref _delivered, position.Value);

        public override ValueTask DeliverAsync(SpoolPosition position, CancellationToken cancellation)
        {
            Set(position);
            return ValueTask.CompletedTask;
        }

        public override ValueTask CountAsync(SpoolPosition position, CancellationToken cancellation) => ValueTask.CompletedTask;

        public override ValueTask KeyAsync(SpoolPosition position, CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
