namespace Tailscale2Otel.Model;

/// <summary>What a record is, as far as its shape told the receiver. The numbers are part of the spool's file format.</summary>
enum RecordSignal : byte
{
    Unknown = 0,

    /// <summary>One network flow log record: the payload is the bare JSON object.</summary>
    Flow = 1,

    /// <summary>One configuration audit log record: the payload is the bare JSON object.</summary>
    Audit = 2,

    /// <summary>A well-framed HEC event that is neither: the payload is the JSON value of <c>event</c>.</summary>
    StreamEvent = 3,

    /// <summary>One line posted to the HEC raw endpoint: the payload is text.</summary>
    RawLine = 4,

    /// <summary>One element of a webhook's array, as received.</summary>
    Webhook = 5,

    /// <summary>A poller's cursor, appended with the data it belongs to; nothing of it is exported.</summary>
    Cursor = 6,
}
