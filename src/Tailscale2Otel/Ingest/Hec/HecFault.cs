namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Why a body was refused; <see cref="None"/> when it was not.</summary>
enum HecFault : byte
{
    None,
    NoData,
    InvalidData,
    EventRequired,
    EventBlank,
    IndexedFields,
    TooManyRecords,
    TooManyConnections,
    TooLarge,
}
