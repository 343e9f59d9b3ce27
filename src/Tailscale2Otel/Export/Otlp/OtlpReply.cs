namespace Tailscale2Otel.Export.Otlp;

/// <summary>The outcome of one attempt.</summary>
readonly record struct OtlpReply
{
    public required OtlpDecision Decision { get; init; }

    /// <summary>HTTP status, or gRPC status number; -1 when there was no answer.</summary>
    public required int Status { get; init; }

    /// <summary>A class of docs/signals.md, or <c>""</c> for plain success.</summary>
    public required string ErrorType { get; init; }

    /// <summary>What the backend asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The backend's words, or what went wrong; bounded, printable and without what identifies us. May quote data: not for the log.</summary>
    public string Message { get; init; }

    /// <summary>Why there was no answer, as far as the platform tells.</summary>
    public HttpRequestError Cause { get; init; }

    /// <summary>Records or points of a partial success that were not taken.</summary>
    public long Rejected { get; init; }

    /// <summary>Bytes that were put on the wire.</summary>
    public int Bytes { get; init; }
}
