namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>A counter of <see cref="LoadLedger"/>; each has one process that writes it.</summary>
enum LoadCount
{
    /// <summary>Sender: number of the next request.</summary>
    NextRequest,

    /// <summary>Sender: flow records that were answered with success.</summary>
    Acknowledged,

    /// <summary>Sender: requests that were refused or got no answer.</summary>
    Refused,

    /// <summary>Sender: time of the last answer.</summary>
    LastAnswer,

    /// <summary>Sink: different flow records of which a log record came.</summary>
    Arrived,

    /// <summary>Sink: log records that came, however many of one flow record.</summary>
    LogRecords,

    /// <summary>Sink: time at which the last flow record came that was new.</summary>
    LastArrival,

    /// <summary>Sink: connections in the last metrics that came.</summary>
    Connections,

    /// <summary>Sink: time at which that number last changed.</summary>
    LastConnections,

    /// <summary>Sink: points of the last metrics, which is the number of series.</summary>
    Series,

    /// <summary>Sink: bytes of request bodies, as they came.</summary>
    BytesReceived,
}
