namespace Tailscale2Otel.Model;

/// <summary>
/// One record as it was caught. The spans point into the spool reader's buffer and are good until its next read.
/// </summary>
readonly ref struct RawRecord
{
    /// <summary>First byte of the record's frame; two records are the same delivery only if this is equal.</summary>
    public required SpoolPosition Position { get; init; }

    /// <summary>First byte after the record's frame: what a cursor moves to once the record is done.</summary>
    public required SpoolPosition Next { get; init; }

    public required RecordSource Source { get; init; }

    public required RecordSignal Signal { get; init; }

    /// <summary>Configured tailnet name; empty when only one tailnet is served and it was not named.</summary>
    public required string Tailnet { get; init; }

    /// <summary>Unix nanoseconds of the append.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>
    /// What the transport said about the record, as a JSON object, or empty. From HEC: the envelope's members other than
    /// <c>event</c>, values as received (<c>time</c>, <c>host</c>, <c>source</c>, <c>sourcetype</c>, <c>index</c>, <c>fields</c>).
    /// From a webhook: <c>t</c>, the Unix time in seconds of the delivery's signature, if that was checked.
    /// </summary>
    public ReadOnlySpan<byte> Metadata { get; init; }

    /// <summary>The record as received, see <see cref="RecordSignal"/>.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }
}
