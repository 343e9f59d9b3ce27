namespace Tailscale2Otel.Spool;

/// <summary>What the writer is woken for besides appends.</summary>
[Flags]
enum WriterWork
{
    None = 0,

    /// <summary>Delete what is delivered and old; begin a new segment when this one is old.</summary>
    Retain = 1,

    /// <summary>Flush what <c>sync: interval</c> left unflushed.</summary>
    Flush = 2,

    /// <summary>See whether a disk that failed is well again.</summary>
    Probe = 4,
}
