namespace Tailscale2Otel.Ingest;

enum BodyOutcome
{
    Read,

    /// <summary>Over the limit of one body.</summary>
    TooLarge,

    /// <summary>No room beside the other bodies.</summary>
    Busy,

    /// <summary>Not what its encoding says, or cut short.</summary>
    Corrupt,

    /// <summary>Not complete in time.</summary>
    Late,

    UnknownEncoding,

    ZstdMissing,

    /// <summary>Not framed as HTTP says.</summary>
    Misframed,

    /// <summary>The sender is gone: there is nobody to answer.</summary>
    Gone,
}
