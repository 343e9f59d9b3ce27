namespace Tailscale2Otel.Processing;

/// <summary>
/// What is to be done with a record. After a restart the records between the two cursors are read again for only one purpose;
/// those behind both are read only to learn their content keys again.
/// </summary>
[Flags]
enum RecordPass
{
    LearnKey = 0,
    Deliver = 1,
    Count = 2,
}
