namespace Tailscale2Otel.Spool;

/// <summary>One segment file as the running spool knows it. Only the writer changes it.</summary>
sealed class Segment(SegmentHeader header, long end, long lastAppend)
{
    public long Start { get; } = header.Start;

    /// <summary>Where the segment before it ended when this one was created.</summary>
    public long PreviousEnd { get; } = header.PreviousEnd;

    public ulong Salt { get; } = header.Salt;

    public string Name { get; } = SegmentHeader.NameOf(header.Start);

    /// <summary>Position behind the last durable frame.</summary>
    public long End
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    } = end;

    /// <summary>Unix milliseconds.</summary>
    public long LastAppend
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    } = lastAppend;

    /// <summary>The file is being deleted in order; who no longer finds it has not found damage.</summary>
    public bool IsLeaving
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    public long Bytes => End - Start;

    public long OffsetOf(long position) => SegmentHeader.Size + position - Start;
}
