namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>What one run of one row found. Processor seconds are user and system, from the first request until everything has arrived.</summary>
sealed record LoadResult
{
    public required string Name { get; init; }

    public required int LogsPerRecord { get; init; }

    /// <summary>Flow records/s that were asked for; null is full load.</summary>
    public required double? Rate { get; init; }

    public required long Acknowledged { get; init; }

    /// <summary>Requests, of which nothing may arrive.</summary>
    public required long Refused { get; init; }

    /// <summary>Different flow records at the sink.</summary>
    public required long Arrived { get; init; }

    public required long LogRecords { get; init; }

    /// <summary>By the metrics.</summary>
    public required long Connections { get; init; }

    public required double AcknowledgedPerSecond { get; init; }

    /// <summary>From the first request to the last record at the sink; without log records to the metrics that have the last connection.</summary>
    public required double DeliveredPerSecond { get; init; }

    public required double ProcessorPerMillion { get; init; }

    /// <summary>The same of the seconds before, in which the runtime still compiled.</summary>
    public required double WarmUpProcessorPerMillion { get; init; }

    public required double UserSeconds { get; init; }

    public required double SystemSeconds { get; init; }

    public required double SenderSeconds { get; init; }

    public required double SinkSeconds { get; init; }

    /// <summary>Of processes that have nothing to do with the run: near zero on a quiet machine.</summary>
    public required double OtherSeconds { get; init; }

    public required double PeakMebibytes { get; init; }

    public required double PeakAnonymousMebibytes { get; init; }

    /// <summary>Bodies of log requests on the wire, for each flow record.</summary>
    public required double BytesOutPerRecord { get; init; }

    public required long Series { get; init; }

    public required Percentiles AnswerMilliseconds { get; init; }

    /// <summary>From sending a request to its last record at the sink.</summary>
    public required Percentiles ArrivalMilliseconds { get; init; }

    /// <summary>Log records beyond those that the flow records make.</summary>
    public long Repeats => LogRecords - (Arrived * LogsPerRecord);

    /// <summary>Everything acknowledged arrived once, nothing else did, and the metrics counted every connection once.</summary>
    public bool Agrees =>
        Arrived == (LogsPerRecord == 0 ? 0 : Acknowledged) && Repeats == 0 && Connections == Acknowledged * LoadBody.Connections;
}
